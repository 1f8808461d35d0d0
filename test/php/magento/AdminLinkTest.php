<?php
declare(strict_types=1);

use PHPUnit\Framework\Attributes\TestDox;
use PHPUnit\Framework\TestCase;

/** The link that opens the administration once, as far as it needs no Magento; test/php/AdminLinkTest.php has what both kinds of shop share. */
final class AdminLinkTest extends TestCase
{
    private const TOKEN = 'abcdefghijklmnopqrstuvwxyz0123456789_-ABCDE';

    protected function setUp(): void
    {
        empty_store();
        $this->query('CREATE TABLE admin_user (user_id INT PRIMARY KEY, username VARCHAR(40), is_active SMALLINT)',
            'CREATE TABLE authorization_role (role_id INT PRIMARY KEY, parent_id INT, role_type CHAR(1), user_id INT)',
            'CREATE TABLE authorization_rule (role_id INT, resource_id VARCHAR(255), permission VARCHAR(10))',
            "INSERT INTO admin_user VALUES (1, 'founder', 1), (2, 'shopowner', 1), (3, 'clerk', 1)",
            "INSERT INTO authorization_role VALUES (10, 0, 'G', 0), (11, 0, 'G', 0), (21, 10, 'U', 1), (22, 10, 'U', 2), (23, 11, 'U', 3)",
            "INSERT INTO authorization_rule VALUES (10, 'Magento_Backend::all', 'allow'), (11, 'Magento_Backend::all', 'deny'), (11, 'Magento_Sales::sales', 'allow')");
        write_whole(SHOP_FACTS, json_encode(['adminPath' => 'admin_abc123', 'installedAt' => 'today']));
    }

    protected function tearDown(): void
    {
        shop_revoke_admin_links();
        shop_end_looks();
        array_map('unlink', glob(SHOP_ETC . '/*') ?: []);
    }

    private function query(string ...$statements): void
    {
        foreach ($statements as $statement) {
            database()->query($statement);
        }
    }

    /** @return array{int, ?array, string} */
    private function place(array $over = []): array
    {
        $input = $over + ['username' => 'shopowner', 'hash' => hash('sha256', self::TOKEN), 'seconds' => 60, 'proven' => true];
        [$code, $out, $error] = run_program([PHP_BINARY, SHOP . '/commands/admin-link.php'], json_encode($input));
        return [$code, json_decode(trim($out), true), $error];
    }

    #[TestDox('the owner’s account gets the link, and whether they have just proven themselves goes with it')]
    public function testPlaced(): void
    {
        self::assertSame([0, ['username' => 'shopowner'], ''], $this->place());
        self::assertSame(['user' => 2, 'proven' => true], shop_use_admin_link(self::TOKEN, time()));
        self::assertNull(shop_use_admin_link(self::TOKEN, time()));

        $this->place(['proven' => false]);
        self::assertSame(['user' => 2, 'proven' => false], shop_use_admin_link(self::TOKEN, time()));
    }

    #[TestDox('only who is active and may do everything is let in: another one instead, or nobody')]
    public function testWhom(): void
    {
        $this->query('UPDATE admin_user SET is_active = 0 WHERE user_id = 2');
        self::assertSame('founder', $this->place()[1]['username'] ?? null);
        self::assertSame('founder', $this->place(['username' => 'clerk'])[1]['username'] ?? null);

        $this->query('UPDATE admin_user SET is_active = 0 WHERE user_id = 1');
        shop_revoke_admin_links();
        self::assertSame([1, null, "admin-link: this shop has no administrator; a new password makes one\n"], $this->place());
        self::assertSame([], glob(SHOP_ADMIN_LINK_PREFIX . '*'));
    }

    #[TestDox('taken back, no link opens and no browser looks behind the note')]
    public function testRevoked(): void
    {
        $this->place();
        $look = shop_new_look();
        self::assertMatchesRegularExpression('/^[0-9a-f]{64}$/', $look);
        self::assertFileExists(SHOP_LOOK_PREFIX . $look);

        [$code, $out] = run_program([PHP_BINARY, SHOP . '/commands/admin-link.php'], '{"revoke": true}');

        self::assertSame([0, ['revoke' => true]], [$code, json_decode(trim($out), true)]);
        self::assertSame([], [...glob(SHOP_ADMIN_LINK_PREFIX . '*'), ...glob(SHOP_LOOK_PREFIX . '*')]);
    }

    #[TestDox('a look ends a day later, when there is a newer one')]
    public function testYesterday(): void
    {
        touch(SHOP_LOOK_PREFIX . shop_new_look(), time() - SHOP_LOOK_SECONDS - 1);
        $today = shop_new_look();
        self::assertSame([SHOP_LOOK_PREFIX . $today], glob(SHOP_LOOK_PREFIX . '*'));
    }

    #[TestDox('where no shop is installed there is no link')]
    public function testNoShop(): void
    {
        unlink(SHOP_FACTS);
        self::assertSame([1, null, "admin-link: there is no shop yet\n"], $this->place());
    }

    #[TestDox('the page refuses what is no token of a link, and what comes in an address, before there is any Magento')]
    public function testRefused(): void
    {
        $this->place();
        foreach ([['POST', 'x'], ['POST', str_repeat('a', 43)], ['POST', [self::TOKEN]], ['GET', self::TOKEN]] as [$method, $token]) {
            $request = base64_encode(json_encode([$method, $token]));
            $code = "[\$_SERVER['REQUEST_METHOD'], \$token] = json_decode(base64_decode('$request'), true);
                \$_POST = \$_GET = ['shophosting_admin_link' => \$token]; ob_start();
                register_shutdown_function(fn () => fwrite(STDOUT, http_response_code() . ob_get_clean()));
                require '" . SHOP . "/open-admin.php';";
            [, $out] = run_program([PHP_BINARY, '-r', $code]);
            self::assertStringStartsWith('403', $out);
            self::assertStringContainsString('This link is over', $out);
        }
        self::assertSame(2, shop_use_admin_link(self::TOKEN, time())['user'] ?? null);
    }
}
