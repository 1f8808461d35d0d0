<?php
declare(strict_types=1);

/*
 * Checks the project tree and arranges it for the build: refuses what is no Magento 2 and what holds somebody's
 * secrets, gives every module a place in config.php. Licence: GPL-2.0-or-later.
 */
require __DIR__ . '/project.php';

foreach (['composer.json', 'bin/magento', 'app/bootstrap.php', 'vendor/autoload.php', 'pub/index.php', 'setup/config/application.config.php'] as $path) {
    is_file(PROJECT . "/$path") || refuse("the project has no $path");
}
// It holds keys and passwords of another shop, and images get around.
file_exists(PROJECT . '/app/etc/env.php') && refuse('the project holds somebody\'s app/etc/env.php; remove it from the archive');

// What another machine computed; and its caches.
foreach (['generated/code', 'generated/metadata', 'var', 'pub/static'] as $folder) {
    remove_content(PROJECT . "/$folder");
    @mkdir(PROJECT . "/$folder", 0755, true);
}

/*
 * A module that the project's config.php does not name is enabled, as the installer would do; one that it disables stays
 * disabled. Only the admin's second factor is never left out: a shop's admin is open to the world.
 */
require PROJECT . '/app/bootstrap.php';
$registrar = new Magento\Framework\Component\ComponentRegistrar();
$known = is_file(CONFIG) ? (require CONFIG)['modules'] ?? [] : [];
$missing = array_diff(array_keys($registrar->getPaths(Magento\Framework\Component\ComponentRegistrar::MODULE)), array_keys($known));
$off = isset($known['Magento_TwoFactorAuth']) && !$known['Magento_TwoFactorAuth'] ? ['Magento_TwoFactorAuth'] : [];
foreach ($known === [] ? [['--all']] : array_filter([[...$missing, ...$off]]) as $modules) {
    run([PHP_BINARY, '-d', 'memory_limit=1G', 'bin/magento', 'module:enable', '--no-ansi', '--no-interaction', ...$modules]);
}
write_config(['modules' => (require_fresh(CONFIG))['modules']], CONFIG);
