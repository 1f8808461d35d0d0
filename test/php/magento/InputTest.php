<?php
declare(strict_types=1);

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\Attributes\TestDox;
use PHPUnit\Framework\TestCase;

final class InputTest extends TestCase
{
    private const GOOD = ['url' => 'https://shop.test/', 'title' => 'T', 'adminUsername' => 'owner', 'adminEmail' => 'o@example.com',
        'adminPassword' => 'Passw0rd', 'platform' => 'magento', 'adminPath' => '/admin_abc123/'];

    public static function refused(): array
    {
        return [
            'no https' => [['url' => 'http://shop.test/'], '"url"'],
            'a path' => [['url' => 'https://shop.test/x?y'], '"url"'],
            'an admin path anybody guesses' => [['adminPath' => '/admin/'], '"adminPath"'],
            'an admin path that leads elsewhere' => [['adminPath' => '../admin_abc'], '"adminPath"'],
            'another platform' => [['platform' => 'woocommerce'], '"platform"'],
            'no title' => [['title' => ' '], '"title"'],
            'a password without a digit' => [['adminPassword' => 'Password'], '"adminPassword"'],
            'a locale' => [['locale' => 'german'], '"locale"'],
            'a currency' => [['currency' => 'Euro'], '"currency"'],
            'a time zone' => [['timezone' => 'Mars/Base'], '"timezone"'],
        ];
    }

    #[TestDox('shop-install refuses $_dataName before it touches anything')]
    #[DataProvider('refused')]
    public function testRefused(array $change, string $named): void
    {
        empty_store();
        [$code, $out, $err] = run_program([PHP_BINARY, SHOP . '/commands/install.php'], json_encode($change + self::GOOD));

        self::assertSame([1, ''], [$code, $out]);
        self::assertStringContainsString($named, $err);
        self::assertSame([], tables_of(database()));
    }

    #[TestDox('without a search engine the installation ends with that reason, and its next try begins anew')]
    public function testNoSearchEngine(): void
    {
        empty_store();
        foreach ([self::GOOD, ['platform' => 'magento', 'forNobody' => true]] as $input) {
            [$code, $out, $err] = run_program([PHP_BINARY, SHOP . '/commands/install.php'], json_encode($input), ['SEARCH_HOST' => '127.0.0.1']);

            self::assertSame([1, ''], [$code, $out]);
            self::assertMatchesRegularExpression('/connect.*9200/i', $err);
        }
        self::assertSame(Installation::Started, begin_installation(database()));
    }

    #[TestDox('the clock stands still and the other commands say so while there is no shop')]
    public function testNoShop(): void
    {
        array_map('unlink', glob(SHOP_ETC . '/*') ?: []);

        self::assertSame([0, "{\"ran\":false}\n", ''], run_program([PHP_BINARY, SHOP . '/commands/cron.php']));
        foreach (['set-url' => '{"url":"https://a.test/"}', 'configure' => '{"maintenance":"on"}'] as $command => $input) {
            [$code, , $err] = run_program([PHP_BINARY, SHOP . "/commands/$command.php"], $input);
            self::assertSame(1, $code);
            self::assertStringContainsString('no shop yet', $err);
        }
        self::assertFalse(shop_in_maintenance());
    }
}
