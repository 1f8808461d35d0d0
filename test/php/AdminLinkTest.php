<?php
declare(strict_types=1);

use PHPUnit\Framework\Attributes\TestDox;
use PHPUnit\Framework\TestCase;

require_once '/usr/local/lib/shop/admin-link.php';

/** The link that opens the administration once: shop-admin-link places it, the mu-plugin lets in whoever brings its token. */
final class AdminLinkTest extends TestCase
{
    private const TOKEN = 'abcdefghijklmnopqrstuvwxyz0123456789_-ABCDE';

    public static function setUpBeforeClass(): void
    {
        installed_store();
    }

    protected function tearDown(): void
    {
        shop_revoke_admin_links();
    }

    /** @return array{int, ?array, string} */
    private function place(array $over = []): array
    {
        $input = $over + ['username' => 'shopowner', 'hash' => hash('sha256', self::TOKEN), 'seconds' => 60];
        [$code, $out, $error] = run_program(['/usr/local/bin/shop-admin-link'], json_encode($input));
        return [$code, json_decode(trim($out), true), $error];
    }

    /** What the shop does with a request that brings this: where it leads, whom it signed in, or with what it refuses. */
    private function bring(mixed $token, string $method = 'POST'): array
    {
        $posted = var_export(base64_encode(json_encode([$token])), true);
        file_put_contents('/tmp/link-snippet.php', <<<PHP
            <?php
            \$said = ['signedIn' => null, 'told' => []];
            add_filter('send_auth_cookies', '__return_false');
            add_action('set_auth_cookie', function (\$cookie, \$expire, \$expiration, \$user) use (&\$said) { \$said['signedIn'] = get_userdata(\$user)->user_login; }, 10, 4);
            add_action('wp_login', function (\$name) use (&\$said) { \$said['told'][] = \$name; });
            \$end = function (array \$how) use (&\$said) { echo "\\n", json_encode(\$how + \$said); exit; };
            add_filter('wp_redirect', fn (\$to) => \$end(['to' => \$to]));
            add_filter('wp_die_handler', fn () => fn (\$message, \$title, \$args) => \$end(['refused' => \$args['response']]));
            \$_SERVER['REQUEST_METHOD'] = '$method';
            \$_POST['shophosting_admin_link'] = json_decode(base64_decode($posted), true)[0];
            ShopHosting\\AdminLink\\sign_in();
            \$end(['passed' => true]);
            PHP);
        [, $out, $error] = run_program(['/usr/local/bin/wp', '--path=/var/www/html', 'eval-file', '/tmp/link-snippet.php']);
        $lines = explode("\n", $out);
        return json_decode(end($lines), true) ?? [$out, $error];
    }

    #[TestDox('the right token signs in its administrator, once; whoever watches sign-ins is told')]
    public function testOnce(): void
    {
        self::assertSame([0, ['username' => 'shopowner'], ''], $this->place());

        self::assertSame(
            ['to' => 'https://demo.localhost:8443/wp-admin/', 'signedIn' => 'shopowner', 'told' => ['shopowner']],
            $this->bring(self::TOKEN),
        );
        self::assertSame(['refused' => 403, 'signedIn' => null, 'told' => []], $this->bring(self::TOKEN));
    }

    #[TestDox('what is no token, another token, and a token in an address let nobody in and use up nothing')]
    public function testWrong(): void
    {
        $this->place();
        foreach (['', 'x', str_repeat('a', 43), '../' . self::TOKEN, self::TOKEN . "\n", hash('sha256', self::TOKEN)] as $token) {
            self::assertSame(403, $this->bring($token)['refused'] ?? null, $token);
        }
        self::assertTrue($this->bring([self::TOKEN])['passed'] ?? null);
        self::assertTrue($this->bring(self::TOKEN, 'GET')['passed'] ?? null);

        self::assertSame('shopowner', $this->bring(self::TOKEN)['signedIn']);
    }

    #[TestDox('of many who come at once with the same token, one gets in')]
    public function testParallel(): void
    {
        self::assertTrue(shop_place_admin_link(['hash' => hash('sha256', self::TOKEN), 'seconds' => 60, 'proven' => true], 1, time()));
        file_put_contents('/tmp/link-race.php', '<?php require "/usr/local/lib/shop/admin-link.php"; while (microtime(true) < (float) $argv[1]); echo shop_use_admin_link("' . self::TOKEN . '", time())["user"] ?? "-";');
        $start = sprintf('%.3F', microtime(true) + 1);
        $racers = [];
        for ($index = 0; $index < 20; $index++) {
            $process = proc_open(['php', '-n', '/tmp/link-race.php', $start], [1 => ['pipe', 'w']], $pipes);
            $racers[] = [$process, $pipes[1]];
        }
        $answers = array_map(static fn (array $racer): string => (string) stream_get_contents($racer[1]), $racers);
        array_map(static fn (array $racer): int => proc_close($racer[0]), $racers);

        self::assertSame(1, count(array_filter($answers, static fn (string $answer): bool => $answer === '1')), implode(',', $answers));
    }

    #[TestDox('a link ends by itself, by a newer one and by being taken back')]
    public function testEnds(): void
    {
        shop_place_admin_link(['hash' => hash('sha256', self::TOKEN), 'seconds' => 60, 'proven' => false], 1, time());
        self::assertNull(shop_use_admin_link(self::TOKEN, time() + 61));
        self::assertNull(shop_use_admin_link(self::TOKEN, time()));

        $this->place();
        $this->place(['hash' => hash('sha256', 'another')]);
        self::assertNull(shop_use_admin_link(self::TOKEN, time()));

        $this->place();
        [$code, $out] = run_program(['/usr/local/bin/shop-admin-link'], '{"revoke": true}');
        self::assertSame([0, ['revoke' => true]], [$code, json_decode(trim($out), true)]);
        self::assertNull(shop_use_admin_link(self::TOKEN, time()));
    }

    #[TestDox('only a hash is kept, for this user alone; a link is for an administrator or for nobody')]
    public function testKept(): void
    {
        $this->place(['username' => 'somebody-else']);
        [$file] = glob(SHOP_ADMIN_LINK_PREFIX . '*');
        self::assertSame(0600, fileperms($file) & 0777);
        self::assertStringNotContainsString(self::TOKEN, file_get_contents($file));
        self::assertSame(['user' => 1, 'proven' => false], shop_use_admin_link(self::TOKEN, time()));

        $admins = "shop_usermeta SET meta_value = ? WHERE user_id = 1 AND meta_key = 'shop_capabilities'";
        $before = database()->query("SELECT meta_value FROM shop_usermeta WHERE user_id = 1 AND meta_key = 'shop_capabilities'")->fetch_row()[0];
        database()->execute_query("UPDATE $admins", [serialize(['subscriber' => true])]);
        [$code, , $error] = $this->place();
        database()->execute_query("UPDATE $admins", [$before]);
        self::assertSame([1, "shop-admin-link: this shop has no administrator; a new password makes one\n"], [$code, $error]);
    }

    #[TestDox('input that is none is refused')]
    public function testInput(): void
    {
        foreach ([['hash' => 'x'], ['hash' => str_repeat('A', 64)], ['seconds' => 0], ['seconds' => 301], ['seconds' => '60'], ['username' => ''], ['proven' => 'yes']] as $over) {
            self::assertSame(1, $this->place($over)[0]);
        }
        self::assertSame([], glob(SHOP_ADMIN_LINK_PREFIX . '*'));
    }
}
