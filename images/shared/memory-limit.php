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
