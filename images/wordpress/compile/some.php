<?php
declare(strict_types=1);

/*
 * Compiles the files named by a JSON array that comes in; those that could not be compiled go out as one. A file that
 * declares what another one has declared is among them: the two are never in one page.
 */
ini_set('display_errors', '0');
ini_set('error_log', '/dev/null');
$files = json_decode((string) file_get_contents(PHP_SAPI === 'cli' ? 'php://stdin' : 'php://input'), true, 2, JSON_THROW_ON_ERROR);
$left = array_values(array_filter($files, static fn (string $file): bool => !@opcache_compile_file($file)));
echo json_encode($left, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES);
