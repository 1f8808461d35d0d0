<?php
declare(strict_types=1);

use PHPUnit\Framework\Attributes\TestDox;
use PHPUnit\Framework\TestCase;

final class PhpLimitsTest extends TestCase
{
    #[TestDox('what is told to hold while nobody has chosen is what PHP is configured with')]
    public function testUsual(): void
    {
        $ini = [...parse_ini_file(SHOP . '/php/shop.ini', false, INI_SCANNER_RAW), ...parse_ini_file(SHOP . '/php/shop-fpm.ini', false, INI_SCANNER_RAW)];
        $usual = ini_values(IMAGES_PHP_LIMITS);
        self::assertSame($usual, array_intersect_key([...$usual, ...$ini], $usual));
        self::assertSame(['phpMemory' => 512, 'phpUpload' => 64, 'phpSeconds' => 80, 'phpInputVars' => 10000], IMAGES_PHP_LIMITS);
    }
}
