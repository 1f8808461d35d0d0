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

const DEMO = [
    'url' => 'https://demo.localhost:8443/', 'title' => 'Demo', 'adminUsername' => 'shopowner',
    'adminEmail' => 'owner@example.com', 'adminPassword' => 'Correct-Horse-7', 'platform' => 'wordpress',
];

/** The database as it is after DEMO was installed into an empty one, and an empty cache. Installed once, copied from then on. */
function installed_store(): void
{
    static $tables;
    empty_store();
    if ($tables === null) {
        [$code, , $error] = run_program(['/usr/local/bin/shop-install'], json_encode(DEMO));
        $code === 0 || throw new RuntimeException($error);
        $tables = array_column(database()->query('SHOW TABLES')->fetch_all(), 0);
        copy_tables($tables, 'shop', 'shop_as_installed');
        return;
    }
    copy_tables($tables, 'shop_as_installed', 'shop');
}

/** @param list<string> $tables */
function copy_tables(array $tables, string $from, string $to): void
{
    $database = database();
    foreach ($tables as $table) {
        $database->query("CREATE TABLE $to.`$table` LIKE $from.`$table`");
        $database->query("INSERT INTO $to.`$table` SELECT * FROM $from.`$table`");
    }
}

/** What php-fpm answers on its socket: headers, an empty line, the body. */
function fcgi_answer(string $socket, array $parameters, string $body = ''): string
{
    $record = static fn (int $type, string $content): string => pack('CCnnCC', 1, $type, 1, strlen($content), 0, 0) . $content;
    $length = static fn (string $text): string => strlen($text) < 128 ? chr(strlen($text)) : pack('N', strlen($text) | 0x80000000);
    $pairs = '';
    foreach ($parameters as $name => $value) {
        $pairs .= $length($name) . $length($value) . $name . $value;
    }
    $stream = stream_socket_client("unix://$socket");
    fwrite($stream, $record(1, pack('nCx5', 1, 0)) . $record(4, $pairs) . $record(4, '') . ($body === '' ? '' : $record(5, $body)) . $record(5, ''));
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

/** @return array{string, string} headers and body of the shop's first page, as the web server gets them from PHP */
function visit_shop(array $headers = [], string $body = ''): array
{
    $request = ['SCRIPT_FILENAME' => '/var/www/html/index.php', 'SCRIPT_NAME' => '/index.php', 'REQUEST_METHOD' => 'GET',
        'REQUEST_URI' => '/', 'QUERY_STRING' => '', 'SERVER_PROTOCOL' => 'HTTP/1.1', 'HTTP_HOST' => 'demo.localhost:8443',
        'REMOTE_ADDR' => '192.0.2.1', 'HTTPS' => 'on', 'REDIRECT_STATUS' => '200', 'SERVER_NAME' => 'demo.localhost', 'SERVER_PORT' => '443'];
    file_put_contents('/tmp/fpm.conf', "[global]\nerror_log = /tmp/fpm.log\n[shop]\nlisten = /tmp/fpm.sock\npm = static\npm.max_children = 1\nclear_env = no\n");
    $fpm = proc_open(['php-fpm8.4', '--nodaemonize', '--fpm-config', '/tmp/fpm.conf'], [], $pipes);
    try {
        for ($tries = 0; !file_exists('/tmp/fpm.sock') && $tries < 500; $tries++) {
            usleep(20_000);
        }
        return explode("\r\n\r\n", fcgi_answer('/tmp/fpm.sock', $headers + $request, $body), 2);
    } finally {
        proc_terminate($fpm);
        proc_close($fpm);
        @unlink('/tmp/fpm.sock');
    }
}
