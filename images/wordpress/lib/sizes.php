<?php
declare(strict_types=1);

require_once __DIR__ . '/memory-limit.php';

/**
 * How many PHP workers fit: 96 MiB stay for nginx, the master and compiled code, and a worker of a shop takes
 * about 64 MiB. Never under 3: a page may call the shop itself while the clock ticks.
 */
function max_children(?int $limitBytes): int
{
    $limitBytes ??= 2 * 1024 ** 3;
    return max(3, min(64, intdiv($limitBytes - 96 * 1024 ** 2, 64 * 1024 ** 2)));
}
