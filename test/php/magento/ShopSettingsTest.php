<?php
declare(strict_types=1);

use PHPUnit\Framework\Attributes\TestDox;
use PHPUnit\Framework\TestCase;

final class ShopSettingsTest extends TestCase
{
    #[TestDox('only what is wished gets its paths, the currency all three that belong together')]
    public function testPaths(): void
    {
        self::assertSame([], paths_of([], ['en_US']));
        self::assertEquals(
            ['general/locale/timezone' => 'Europe/Berlin', 'currency/options/base' => 'EUR', 'currency/options/default' => 'EUR', 'currency/options/allow' => 'EUR'],
            paths_of(['currency' => 'EUR', 'timezone' => 'Europe/Berlin'], ['en_US']),
        );
        self::assertSame('USD,CHF,EUR', paths_of(['currency' => 'EUR'], ['en_US'], 'USD,CHF')['currency/options/allow']);
        self::assertSame('EUR,USD', paths_of(['currency' => 'EUR'], ['en_US'], 'EUR,USD')['currency/options/allow']);
        self::assertSame(['general/locale/code' => 'de_DE'], paths_of(['locale' => 'de_DE'], ['en_US', 'de_DE']));
    }

    #[TestDox('whoever writes in the shop’s name is called as it is; a sender with a name of its own keeps that')]
    public function testSenders(): void
    {
        $now = ['trans_email/ident_general/name' => 'Roses', 'trans_email/ident_sales/name' => 'Rosa'];
        $named = senders_called('Tulips', 'Roses', static fn (string $path): string => $now[$path] ?? '');
        self::assertSame(['trans_email/ident_general/name' => 'Tulips'], $named);
    }

    #[TestDox('nothing is written of a wish that this shop cannot have as a whole')]
    public function testRefused(): void
    {
        foreach ([['locale' => 'de_DE'], ['timezone' => 'Mars/Base'], ['country' => 'de'], ['currency' => 'Euro'], ['maintenance' => 'yes'], ['title' => ' ']] as $wrong) {
            try {
                paths_of($wrong + ['title' => 'Roses'], ['en_US']);
                self::fail(json_encode($wrong));
            } catch (InvalidArgumentException $refusal) {
                self::assertStringContainsString('"' . array_key_first($wrong) . '"', $refusal->getMessage());
            }
        }
    }

    #[TestDox('languages are those whose pages were built, English always')]
    public function testLocales(): void
    {
        foreach (['Magento/luma/de_DE', 'Magento/blank/de_DE', 'Vendor/own/fr_FR'] as $built) {
            mkdir("/tmp/static/$built", recursive: true);
        }
        self::assertSame(['en_US', 'de_DE', 'fr_FR'], built_locales('/tmp/static'));
        self::assertSame(['en_US'], built_locales('/tmp/nothing'));
    }
}
