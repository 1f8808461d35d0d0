<?php
declare(strict_types=1);

// Asked by nginx on 127.0.0.1:8081 only. 200 = php-fpm runs, and everything the shop stands on answers at once.
// The parts one after the other, each with little time: the first that is ill is named and ends the look.
require __DIR__ . '/database.php';
require __DIR__ . '/facts.php';
require __DIR__ . '/search.php';

const HEALTH_SECONDS = 1.5;

/** A cache that is full forgets and works; sessions that are full lose carts, so they have to take something. */
function look_at_redis(string $host, bool $takesSomething): void
{
    $redis = new Redis();
    $redis->connect($host, 6379, HEALTH_SECONDS, null, 0, HEALTH_SECONDS);
    $takesSomething ? $redis->setex('shop:health', 5, str_repeat('.', 1024)) || throw new RuntimeException((string) $redis->getLastError()) : $redis->ping();
}

header('Content-Type: text/plain');
$part = 'database';
try {
    $database = shop_connect(1);
    $database->query('SELECT 1')->fetch_row();
    $part = 'cache';
    look_at_redis(host_of('CACHE_HOST') ?? 'cache', false);
    $part = 'sessions';
    look_at_redis(host_of('SESSIONS_HOST') ?? 'sessions', true);
    $part = 'search';
    shop_facts() === null ? search_engine(HEALTH_SECONDS) : ask_for_products($database, HEALTH_SECONDS);
    echo "ok\n";
} catch (Throwable $error) {
    http_response_code(503);
    echo $part, ': ', strtok($error->getMessage(), "\n"), "\n";
}
