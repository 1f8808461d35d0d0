<?php
declare(strict_types=1);

use PHPUnit\Framework\Attributes\TestDox;
use PHPUnit\Framework\TestCase;

final class PagesTest extends TestCase
{
    #[TestDox('a file beside the pages changes none of their limits: Magento brings a .user.ini with far larger ones')]
    public function testLimits(): void
    {
        $tell = 'echo json_encode(array_map(ini_get(...), ["user_ini.filename", "memory_limit"]));';
        $process = proc_open([PHP_BINARY, '-n', '-c', SHOP . '/php/shop-fpm.ini', '-r', $tell], [1 => ['pipe', 'w']], $pipes);
        $told = json_decode((string) stream_get_contents($pipes[1]), true);
        proc_close($process);

        self::assertSame(['', '512M'], $told);
    }
}
