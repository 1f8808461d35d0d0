<?php
declare(strict_types=1);

/*
 * Takes out what no shop runs: tests, their fixtures, tools of developers, documentation of packages; and what the build
 * left in folders that are mounted in a shop. Licence: GPL-2.0-or-later.
 */
require __DIR__ . '/project.php';

foreach (['var', 'pub/media', 'dev', 'phpserver'] as $folder) {
    remove_content(PROJECT . "/$folder");
}
// Two levels below vendor are packages; deeper, `Test` may be a class of somebody's.
$packages = glob(PROJECT . '/vendor/*/*', GLOB_ONLYDIR) ?: [];
foreach ($packages as $package) {
    foreach (['Test', 'Tests', 'tests', 'test', 'docs', 'doc'] as $name) {
        remove_folder("$package/$name");
    }
}
foreach (['rector/rector', 'phpunit/phpunit', 'squizlabs/php_codesniffer', 'friendsofphp/php-cs-fixer', 'pdepend/pdepend', 'phpmd/phpmd',
    'phpstan/phpstan', 'magento/magento-coding-standard', 'magento/magento2-functional-testing-framework'] as $tool) {
    is_loaded_always($tool) || remove_folder(PROJECT . "/vendor/$tool");
}

function remove_folder(string $folder): void
{
    remove_content($folder);
    @rmdir($folder);
}

/** Composer's autoloader reads some files of a package at every start; then the package has to stay. */
function is_loaded_always(string $package): bool
{
    $files = @file_get_contents(PROJECT . '/vendor/composer/autoload_files.php');
    return $files === false || str_contains($files, "/$package/");
}
