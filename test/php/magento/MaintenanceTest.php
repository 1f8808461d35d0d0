<?php
declare(strict_types=1);

use PHPUnit\Framework\Attributes\TestDox;
use PHPUnit\Framework\TestCase;

/** The mark that nginx looks for; whom it lets in is asked of a real shop (test/integration/magento-shop.test.ts). */
final class MaintenanceTest extends TestCase
{
    private const DOOR = SHOP_MAINTENANCE_MARK . '/admin_abc123';

    protected function tearDown(): void
    {
        is_dir(SHOP_MAINTENANCE_MARK) ? shop_put_maintenance(false, '') : @unlink(SHOP_MAINTENANCE_MARK);
    }

    #[TestDox('it is on with the administration open, and off without a trace, however often it is said')]
    public function testSwitched(): void
    {
        self::assertFalse(shop_in_maintenance());
        foreach ([1, 2] as $_) {
            shop_put_maintenance(true, 'admin_abc123');
            self::assertTrue(shop_in_maintenance());
            self::assertFileExists(self::DOOR);
        }
        foreach ([1, 2] as $_) {
            shop_put_maintenance(false, 'admin_abc123');
            self::assertFalse(shop_in_maintenance());
        }
        self::assertSame([], glob('/var/tmp/.shop-maintenance*'));
    }

    #[TestDox('one that was cut off is finished by the next')]
    public function testCutOff(): void
    {
        mkdir(SHOP_MAINTENANCE_MARK);
        shop_put_maintenance(true, 'admin_abc123');
        self::assertFileExists(self::DOOR);

        unlink(self::DOOR);
        shop_put_maintenance(false, 'admin_abc123');
        self::assertFalse(shop_in_maintenance());
    }

    #[TestDox('what the disk refuses is told')]
    public function testRefused(): void
    {
        touch(SHOP_MAINTENANCE_MARK);
        $this->expectExceptionMessage(SHOP_MAINTENANCE_MARK . ' cannot be made');
        shop_put_maintenance(true, 'admin_abc123');
    }
}
