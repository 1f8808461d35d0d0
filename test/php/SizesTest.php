<?php
declare(strict_types=1);

use PHPUnit\Framework\Attributes\TestDox;
use PHPUnit\Framework\TestCase;

require_once '/usr/local/lib/shop/render.php';

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

    #[TestDox('with more memory for each request there are fewer workers, and never more memory for all of them than before')]
    public function testWorkersWithin(): void
    {
        foreach ([3, 5, 12, 27, 64] as $workers) {
            foreach ([128, 192, 256, 384, 512, 768, 1024, 2048] as $memory) {
                $within = workers_within($workers, $memory, 256);
                self::assertTrue($within <= $workers && ($within === 1 || $within * $memory <= $workers * 256));
            }
        }
        self::assertSame([12, 12, 6, 4, 3, 1], array_map(static fn (int $memory): int => workers_within(12, $memory, 256), [128, 256, 512, 768, 1024, 4096]));
    }

    #[TestDox('only numbers that a shop can be started with are taken from the file, everything else is as the image has it')]
    public function testChosen(): void
    {
        $chosen = static function (string $text): array {
            file_put_contents('/tmp/php-limits.json', $text);
            return chosen_php_limits('/tmp/php-limits.json');
        };
        self::assertSame([], chosen_php_limits('/nowhere'));
        self::assertSame(['phpUpload' => 128], $chosen('{"phpUpload":128,"phpMemory":"1G","phpSeconds":-1,"phpInputVars":1e9,"other":1}'));
        foreach (['', 'null', '[]', '"phpUpload"', '{"phpUpload":99999}', '{"phpUpload":128'] as $nothing) {
            self::assertSame([], $chosen($nothing));
        }
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
