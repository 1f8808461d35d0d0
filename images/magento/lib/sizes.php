<?php
declare(strict_types=1);

require_once __DIR__ . '/memory-limit.php';

/**
 * How many PHP workers fit: 432 MiB stay for nginx, compiled code and one command beside the pages (the clock, the
 * installer), and a worker takes about 90 MiB of its own. Never under 3.
 */
function max_children(?int $limitBytes): int
{
    $limitBytes ??= 4 * 1024 ** 3;
    return max(3, min(64, intdiv($limitBytes - 432 * 1024 ** 2, 90 * 1024 ** 2)));
}
