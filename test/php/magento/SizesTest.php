<?php
declare(strict_types=1);

use PHPUnit\Framework\Attributes\TestDox;
use PHPUnit\Framework\TestCase;

final class SizesTest extends TestCase
{
    private const MIB = 1024 * 1024;

    #[TestDox('beside the PHP workers there is room for compiled code and one command, and there are never under three')]
    public function testWorkers(): void
    {
        self::assertSame(3, max_children(400 * self::MIB));
        self::assertSame(4, max_children(819 * self::MIB));
        self::assertSame(13, max_children(1638 * self::MIB));
        self::assertSame(64, max_children(64 * 1024 * self::MIB));
    }
}
