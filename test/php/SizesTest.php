<?php
declare(strict_types=1);

use PHPUnit\Framework\Attributes\TestDox;
use PHPUnit\Framework\TestCase;

require_once '/usr/local/lib/shop/sizes.php';

final class SizesTest extends TestCase
{
    private const MIB = 1024 * 1024;

    #[TestDox('the number of PHP workers follows the memory limit, never under three')]
    public function testWorkers(): void
    {
        self::assertSame(3, max_children(128 * self::MIB));
        self::assertSame(6, max_children(512 * self::MIB));
        self::assertSame(14, max_children(1024 * self::MIB));
        self::assertSame(64, max_children(64 * 1024 * self::MIB));
    }

    #[TestDox('the limit is read from either generation of control groups')]
    public function testLimit(): void
    {
        file_put_contents('/tmp/v2', "536870912\n");
        file_put_contents('/tmp/v2-none', "max\n");
        file_put_contents('/tmp/v1-none', "9223372036854771712\n");

        self::assertSame(512 * self::MIB, memory_limit_bytes('/tmp/v2', '/nowhere'));
        self::assertSame(512 * self::MIB, memory_limit_bytes('/nowhere', '/tmp/v2'));
        self::assertNull(memory_limit_bytes('/tmp/v2-none', '/tmp/v1-none'));
    }
}
