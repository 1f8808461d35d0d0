<?php
declare(strict_types=1);

/*
 * Asked on loopback alone: by what limits the PHP that runs goes, and which configuration it was started with.
 * License: GPL-2.0-or-later.
 */
header('Content-Type: application/json');
$names = ['memory_limit', 'upload_max_filesize', 'post_max_size', 'max_execution_time', 'max_input_vars'];
echo json_encode(['generation' => getenv('SHOP_PHP_GENERATION'), 'values' => array_combine($names, array_map('ini_get', $names))]);
