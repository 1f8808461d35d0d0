<?php
declare(strict_types=1);

/** The container's memory limit in bytes (cgroup v2, then v1), or null when it has none. */
function memory_limit_bytes(string $v2 = '/sys/fs/cgroup/memory.max', string $v1 = '/sys/fs/cgroup/memory/memory.limit_in_bytes'): ?int
{
    foreach ([$v2, $v1] as $file) {
        $text = is_readable($file) ? trim((string) file_get_contents($file)) : '';
        // Without a limit v2 says "max" and v1 a number near 2^63.
        if (ctype_digit($text) && strlen($text) < 16) {
            return (int) $text;
        }
    }
    return null;
}

/**
 * How many PHP workers fit: 96 MiB stay for nginx, the master and compiled code, and a worker of a shop takes
 * about 64 MiB. Never under 3: a page may call the shop itself while the clock ticks.
 */
function max_children(?int $limitBytes): int
{
    $limitBytes ??= 2 * 1024 ** 3;
    return max(3, min(64, intdiv($limitBytes - 96 * 1024 ** 2, 64 * 1024 ** 2)));
}
