<?php
declare(strict_types=1);

/* What the steps of the build share. Licence: GPL-2.0-or-later. */

const PROJECT = '/var/www/magento';
const CONFIG = PROJECT . '/app/etc/config.php';

/** Ends the build with the reason as its last line. */
function refuse(string $why): never
{
    fwrite(STDERR, "magento build: $why\n");
    exit(1);
}

/** Runs a program in the project, without a shell; its failure ends the build with what it said. */
function run(array $argv): void
{
    $process = proc_open($argv, [['file', '/dev/null', 'r'], ['pipe', 'w'], ['redirect', 1]], $pipes, PROJECT);
    $said = (string) stream_get_contents($pipes[1]);
    proc_close($process) === 0 || refuse(implode(' ', array_slice($argv, 0, 5)) . " failed:\n" . substr($said, -4000));
}

/** The array a PHP file returns now, whatever this process read from it before. */
function require_fresh(string $file): array
{
    return eval('?>' . file_get_contents($file));
}

function write_config(array $config, string $file): void
{
    file_put_contents($file, "<?php\nreturn " . var_export($config, true) . ";\n") === false && refuse("cannot write $file");
}

/** Files below a folder, as path from there → full path; nothing when there is no such folder. */
function files_below(string $folder): array
{
    $files = [];
    if (is_dir($folder)) {
        foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator($folder, FilesystemIterator::SKIP_DOTS)) as $path => $entry) {
            $entry->isFile() && $files[substr($path, strlen($folder) + 1)] = $path;
        }
    }
    return $files;
}

function remove_content(string $folder): void
{
    if (!is_dir($folder)) {
        return;
    }
    $entries = new RecursiveIteratorIterator(new RecursiveDirectoryIterator($folder, FilesystemIterator::SKIP_DOTS), RecursiveIteratorIterator::CHILD_FIRST);
    foreach ($entries as $path => $entry) {
        $entry->isDir() && !$entry->isLink() ? rmdir($path) : unlink($path);
    }
}

/** @return array<string, array{area: string, parent: ?string, title: string, path: string}> themes of the project by area/Vendor/name */
function themes(): array
{
    require_once PROJECT . '/app/bootstrap.php';
    $themes = [];
    foreach ((new Magento\Framework\Component\ComponentRegistrar())->getPaths(Magento\Framework\Component\ComponentRegistrar::THEME) as $code => $path) {
        $area = explode('/', $code)[0];
        $xml = simplexml_load_file("$path/theme.xml") ?: refuse("the theme $code has no theme.xml that can be read");
        $parent = (string) $xml->parent === '' ? null : "$area/{$xml->parent}";
        $themes[$code] = ['area' => $area, 'parent' => $parent, 'title' => (string) $xml->title, 'path' => $path];
    }
    $themes === [] && refuse('the project has no theme');
    return $themes;
}
