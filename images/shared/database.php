<?php
declare(strict_types=1);

/**
 * A fresh connection to the shop's database with the shop's own user, or an exception that says why not.
 * For the entrypoint and the health check, which work before WordPress is installed and without its code.
 */
function shop_connect(int $timeoutSeconds): mysqli
{
    mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
    $password = @file_get_contents('/run/secrets/shop/db-password');
    if ($password === false) {
        throw new RuntimeException('the secret db-password cannot be read by user ' . posix_getuid());
    }
    [$host, $port] = explode(':', (string) getenv('DB_HOST'), 2) + [1 => '3306'];
    $connection = mysqli_init();
    $connection->options(MYSQLI_OPT_CONNECT_TIMEOUT, $timeoutSeconds);
    $connection->options(MYSQLI_OPT_READ_TIMEOUT, $timeoutSeconds);
    $connection->real_connect($host, (string) getenv('DB_USER'), rtrim($password, "\r\n"), (string) getenv('DB_NAME'), (int) $port);
    return $connection;
}
