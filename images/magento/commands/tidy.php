<?php
declare(strict_types=1);

/* What a shop writes about itself has an end: Magento never takes any of it away. Licence: GPL-2.0-or-later. */

const LOG_BYTES = 10 * 1024 ** 2;
const REPORTS = 500;

/** In Magento's var: a log that got long is put aside as NAME.1 in place of the one before; of reports the newest stay. */
function tidy(string $var): void
{
    foreach (glob("$var/log/*.log") ?: [] as $log) {
        filesize($log) > LOG_BYTES && rename($log, "$log.1");
    }
    $reports = [];
    foreach (is_dir("$var/report") ? files_in("$var/report") : [] as $path => $file) {
        $reports[$path] = $file->getMTime();
    }
    arsort($reports);
    array_map('unlink', array_keys(array_slice($reports, REPORTS)));
}

/** @return iterable<string, SplFileInfo> */
function files_in(string $folder): iterable
{
    return new RecursiveIteratorIterator(new RecursiveDirectoryIterator($folder, FilesystemIterator::SKIP_DOTS));
}
