<?php
declare(strict_types=1);

// Asked by nginx on 127.0.0.1:8081 only. 200 = php-fpm runs and the shop's database answers its user.
require __DIR__ . '/database.php';

header('Content-Type: text/plain');
try {
    shop_connect(2)->query('SELECT 1')->fetch_row();
    echo 'ok';
} catch (Throwable $error) {
    http_response_code(503);
    echo 'database: ', $error->getMessage();
}
