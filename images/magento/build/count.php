<?php
declare(strict_types=1);

/*
 * Looks at what the compiler and the deployment of static files left, since both like to end well with half of it.
 * `count.php code` or `count.php static LOCALE…`; the floors follow from the tree itself. Licence: GPL-2.0-or-later.
 */
require __DIR__ . '/project.php';

/** Of what the tree holds this much must come out; the rest are files that others replace or that are not published. */
const STATIC_SHARE = 0.7;
/** Magento makes between ten and fifteen classes a module. */
const CLASSES_A_MODULE = 5;

$enabled = array_keys(array_filter((require CONFIG)['modules']));
if ($argv[1] === 'code') {
    $classes = count(files_below(PROJECT . '/generated/code'));
    $floor = CLASSES_A_MODULE * count($enabled);
    $classes >= $floor || refuse("compiled $classes classes for " . count($enabled) . " modules; at least $floor are expected");
    foreach (['global', 'frontend', 'adminhtml', 'crontab', 'webapi_rest'] as $area) {
        $file = PROJECT . "/generated/metadata/$area.php";
        is_file($file) && filesize($file) > 100_000 || refuse("the compiled configuration of $area is missing");
    }
    echo "magento build: $classes classes for ", count($enabled), " modules\n";
    exit;
}

require_once PROJECT . '/app/bootstrap.php';
$modules = (new Magento\Framework\Component\ComponentRegistrar())->getPaths(Magento\Framework\Component\ComponentRegistrar::MODULE);
$themes = themes();
is_file(PROJECT . '/pub/static/deployed_version.txt') || refuse('the static files have no version');
foreach ($themes as $code => $theme) {
    $expected = files_below(PROJECT . '/lib/web');
    foreach ($enabled as $module) {
        foreach (['base', $theme['area']] as $area) {
            foreach (files_below("{$modules[$module]}/view/$area/web") as $path => $file) {
                $expected["$module/$path"] = $file;
            }
        }
    }
    for ($chain = $code; $chain !== null; $chain = $themes[$chain]['parent']) {
        foreach (files_below($themes[$chain]['path'] . '/web') as $path => $file) {
            $expected[$path] = $file;
        }
    }
    // Less becomes style sheets, a few for a thousand.
    $expected = array_filter($expected, static fn (string $path): bool => !str_ends_with($path, '.less'), ARRAY_FILTER_USE_KEY);
    $floor = (int) (count($expected) * STATIC_SHARE);
    foreach (array_slice($argv, 2) as $locale) {
        $folder = PROJECT . "/pub/static/$code/$locale";
        $files = count(files_below($folder));
        $files >= $floor || refuse("$code in $locale has $files static files of " . count($expected) . "; at least $floor are expected");
        foreach (['requirejs-config.js', 'requirejs/require.js', 'jquery.js', 'js-translation.json'] as $name) {
            is_file("$folder/$name") || refuse("$code in $locale has no $name");
        }
        glob("$folder/css/styles*.css") || refuse("$code in $locale has no style sheet");
        echo "magento build: $code in $locale: $files static files of ", count($expected), "\n";
    }
}
