<?php
declare(strict_types=1);

/*
 * Compiles all PHP that is the same in every shop of this image, and that none can change, into /made: once as pages
 * have it and once as programs do, for PHP keeps the two apart. It names the folder of each by an id of its own, which
 * says what the code was compiled with; both are printed. Called by compile-code, which holds php-fpm up.
 */
const MADE = '/made';
const AT_ONCE = 100;
const SHARED = ['/var/www/html', '/usr/local/lib/shop'];
const SHARED_FILES = ['/var/www/wp-config.php'];

/** Readable ones, each once; links are not followed. */
function shared_files(): array
{
    $found = SHARED_FILES;
    foreach (SHARED as $folder) {
        foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator($folder, FilesystemIterator::SKIP_DOTS)) as $file) {
            if ($file->isFile() && !$file->isLink() && $file->getExtension() === 'php') {
                $found[] = $file->getPathname();
            }
        }
    }
    return $found;
}

/** As pages have it: inside php-fpm. Returns those that could not be compiled. */
function compile_for_pages(array $files): array
{
    $request = curl_init('http://compile/');
    curl_setopt_array($request, [
        CURLOPT_UNIX_SOCKET_PATH => '/tmp/compile/nginx.sock',
        CURLOPT_POSTFIELDS => json_encode($files, JSON_THROW_ON_ERROR),
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_FAILONERROR => true,
        CURLOPT_TIMEOUT => 300,
    ]);
    return left_of(curl_exec($request), $files);
}

/** As programs have it: in a process of its own. Returns those that could not be compiled. */
function compile_for_programs(array $files): array
{
    $options = ['memory_limit=1G', 'opcache.optimization_level=0x7FFEBFFF', 'opcache.file_cache=' . MADE, 'opcache.file_cache_only=1'];
    $command = [PHP_BINARY, ...array_merge(...array_map(static fn (string $option): array => ['-d', $option], $options)), __DIR__ . '/some.php'];
    $process = proc_open($command, [['pipe', 'r'], ['pipe', 'w'], STDERR], $pipes);
    fwrite($pipes[0], json_encode($files, JSON_THROW_ON_ERROR));
    fclose($pipes[0]);
    $answer = stream_get_contents($pipes[1]);
    proc_close($process);
    return left_of($answer, $files);
}

/** What an answer names; where none came, nothing was compiled. */
function left_of(string|false $answer, array $files): array
{
    return json_decode((string) $answer, true) ?? $files;
}

/** Those of a heap that got in each other's way are compiled one by one. Returns how many could not be. */
function compile_all(array $files, Closure $compile): int
{
    $left = array_merge(...array_map($compile, array_chunk($files, AT_ONCE)));
    return count(array_merge(...array_map(static fn (string $file): array => $compile([$file]), $left)));
}

/** The folder that PHP has made for it. */
function id_made(array $before): string
{
    $new = array_values(array_diff(scandir(MADE), $before, ['.', '..']));
    if (count($new) !== 1 || !preg_match('/^[0-9a-f]{32}$/D', $new[0])) {
        fwrite(STDERR, 'compile-code: PHP has made ' . json_encode($new) . "\n");
        exit(1);
    }
    return $new[0];
}

$files = shared_files();
foreach (['pages' => compile_for_pages(...), 'programs' => compile_for_programs(...)] as $name => $compile) {
    $before = scandir(MADE);
    $failed = compile_all($files, $compile);
    printf("%s=%s %d of %d files\n", $name, id_made($before), count($files) - $failed, count($files));
}
