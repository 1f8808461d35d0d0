<?php
declare(strict_types=1);

// Where the image's code looks for its surroundings; the container of the tests mounts these folders writable.
putenv('DB_HOST=127.0.0.1');
putenv('DB_NAME=shop');
putenv('DB_USER=shop');
putenv('CACHE_HOST=127.0.0.1');
putenv('SHOP_PLATFORM=wordpress');

file_put_contents('/run/secrets/shop/db-password', 'test-password');
file_put_contents('/run/secrets/shop/wp-salts.json', json_encode(array_fill_keys(
    ['AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT'],
    str_repeat('0123456789abcdef', 4),
)));

/** Runs a program without a shell. Returns exit code, stdout, stderr. */
function run_program(array $argv, string $input = '', array $environment = []): array
{
    $process = proc_open($argv, [['pipe', 'r'], ['pipe', 'w'], ['pipe', 'w']], $pipes, null, $environment + getenv());
    fwrite($pipes[0], $input);
    fclose($pipes[0]);
    $out = stream_get_contents($pipes[1]);
    $err = stream_get_contents($pipes[2]);
    return [proc_close($process), $out, $err];
}

function database(): mysqli
{
    mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
    return new mysqli('127.0.0.1', 'shop', 'test-password', 'shop');
}

/** An empty database and an empty cache, as a new store has them. */
function empty_store(): void
{
    $database = database();
    $tables = array_column($database->query('SHOW TABLES')->fetch_all(), 0);
    $tables === [] || $database->query('DROP TABLE `' . implode('`,`', $tables) . '`');
    $redis = new Redis();
    $redis->connect('127.0.0.1');
    $redis->flushAll();
}

/** What php-fpm answers on its socket: headers, an empty line, the body. */
function fcgi_answer(string $socket, array $parameters): string
{
    $record = static fn (int $type, string $content): string => pack('CCnnCC', 1, $type, 1, strlen($content), 0, 0) . $content;
    $length = static fn (string $text): string => strlen($text) < 128 ? chr(strlen($text)) : pack('N', strlen($text) | 0x80000000);
    $pairs = '';
    foreach ($parameters as $name => $value) {
        $pairs .= $length($name) . $length($value) . $name . $value;
    }
    $stream = stream_socket_client("unix://$socket");
    fwrite($stream, $record(1, pack('nCx5', 1, 0)) . $record(4, $pairs) . $record(4, '') . $record(5, ''));
    $answer = '';
    while (strlen($header = (string) stream_get_contents($stream, 8)) === 8) {
        ['type' => $type, 'length' => $size, 'padding' => $padding] = unpack('Cversion/Ctype/nid/nlength/Cpadding', $header);
        $content = $size === 0 ? '' : stream_get_contents($stream, $size);
        $padding > 0 && stream_get_contents($stream, $padding);
        $type === 6 && $answer .= $content;
        if ($type === 3) {
            break;
        }
    }
    return $answer;
}
