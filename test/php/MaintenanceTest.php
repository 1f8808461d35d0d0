<?php
declare(strict_types=1);

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\Attributes\TestDox;
use PHPUnit\Framework\TestCase;

/** Whom a shop in maintenance lets in, asked of the real thing: php-fpm's own kind of request, over the whole of WordPress. */
final class MaintenanceTest extends TestCase
{
    private const MARK = '/var/tmp/.shop-maintenance';

    public static function setUpBeforeClass(): void
    {
        empty_store();
        [$code, , $error] = run_program(['/usr/local/bin/shop-install'], json_encode([
            'url' => 'https://demo.localhost:8443/', 'title' => 'Tea & <b>more</b>', 'adminUsername' => 'shopowner',
            'adminEmail' => 'owner@example.com', 'adminPassword' => 'Correct-Horse-7', 'platform' => 'wordpress',
        ]));
        self::assertSame(0, $code, $error);
    }

    protected function tearDown(): void
    {
        @unlink(self::MARK);
    }

    /** Does the shop let this request in? `code` is run first, as whoever asks. */
    private function letsIn(string $code): bool
    {
        file_put_contents('/tmp/maintenance-snippet.php', "<?php\nunset(\$_SERVER['PHP_AUTH_USER']);\n\$GLOBALS['pagenow'] = 'index.php';\n$code\necho \"\\n\", json_encode(ShopHosting\\Maintenance\\lets_in());");
        [$exit, $out, $error] = run_program(['/usr/local/bin/wp', '--path=/var/www/html', 'eval-file', '/tmp/maintenance-snippet.php']);
        self::assertSame(0, $exit, $error . $out);
        $lines = explode("\n", $out);
        return json_decode(end($lines), true);
    }

    public static function people(): array
    {
        $admin = 'wp_set_current_user(1);';
        $customer = 'wp_set_current_user(username_exists("somebody") ?: wp_insert_user(["user_login" => "somebody", "user_pass" => "x", "role" => "editor"]));';
        $inAdmin = "\$GLOBALS['current_screen'] = new class { public function in_admin(): bool { return true; } };";
        $program = static fn (string $who): string => "[\$password] = WP_Application_Passwords::create_new_application_password($who, ['name' => 'till']);"
            . " \$_SERVER['PHP_AUTH_USER'] = get_userdata($who)->user_login; \$_SERVER['PHP_AUTH_PW'] = \$password;";
        return [
            'a visitor' => [false, ''],
            'somebody who is signed in' => [false, $customer],
            'an administrator' => [true, $admin],
            'who signs in' => [true, "\$GLOBALS['pagenow'] = 'wp-login.php';"],
            'a page of the administration' => [true, $inAdmin],
            'a visitor\'s script' => [false, "$inAdmin add_filter('wp_doing_ajax', '__return_true');"],
            'an administrator\'s script' => [true, "$admin $inAdmin add_filter('wp_doing_ajax', '__return_true');"],
            'a visitor\'s form' => [false, "$inAdmin \$GLOBALS['pagenow'] = 'admin-post.php';"],
            'the platform\'s clock and the shop itself' => [true, "\$_SERVER['HTTP_X_SHOP_CRON'] = '1';"],
            'an administrator\'s program' => [true, $program('1')],
            'anybody else\'s program' => [false, "$customer \$id = get_current_user_id(); wp_set_current_user(0); " . $program('$id')],
            'a wrong password' => [false, "\$_SERVER['PHP_AUTH_USER'] = 'shopowner'; \$_SERVER['PHP_AUTH_PW'] = 'Correct-Horse-7';"],
        ];
    }

    #[DataProvider('people')]
    #[TestDox('maintenance: $_dataName')]
    public function testLetsIn(bool $expected, string $code): void
    {
        self::assertSame($expected, $this->letsIn($code));
    }

    #[TestDox('maintenance: a visitor gets 503, when to come again, and nothing that anybody may keep; without it the shop')]
    public function testVisit(): void
    {
        touch(self::MARK);
        [$headers, $body] = visit_shop();
        self::assertMatchesRegularExpression('/^Status: 503\b/mi', $headers);
        self::assertMatchesRegularExpression('/^Retry-After: 300\r?$/mi', $headers);
        self::assertMatchesRegularExpression('/^Cache-Control: no-store\r?$/mi', $headers);
        self::assertStringContainsString('Tea &amp; &lt;b&gt;more', $body);
        self::assertStringNotContainsString('<b>', $body);
        // Who keeps pages is told that it need not let visitors wait for one another, and for how long.
        [$headers, $body] = visit_shop(['HTTP_X_SHOP_PAGE' => 'whole']);
        self::assertMatchesRegularExpression('/^Status: 470\b/mi', $headers);
        self::assertMatchesRegularExpression('/^Cache-Control: max-age=5\r?$/mi', $headers);
        self::assertSame('', $body);

        unlink(self::MARK);
        self::assertDoesNotMatchRegularExpression('/^Status: [45]/mi', visit_shop()[0]);
    }
}
