<?php
declare(strict_types=1);

/*
 * Asked on loopback alone: by what limits the PHP that runs goes, which configuration it was started with, and for how many
 * seconds the longest of the requests under way has been at work. License: GPL-2.0-or-later.
 */
header('Content-Type: application/json');
$names = ['memory_limit', 'upload_max_filesize', 'post_max_size', 'max_execution_time', 'max_input_vars'];
$others = array_filter(fpm_get_status()['procs'] ?? [], static fn (array $one): bool => $one['state'] === 'Running' && $one['pid'] !== getmypid());
echo json_encode([
    'generation' => getenv('SHOP_PHP_GENERATION'),
    'values' => array_combine($names, array_map('ini_get', $names)),
    'longest' => intdiv(max([0, ...array_column($others, 'request-duration')]), 1_000_000),
]);
