<?php
declare(strict_types=1);

use PHPUnit\Framework\Attributes\TestDox;
use PHPUnit\Framework\TestCase;

/** What the mu-plugins promise, asked of an installed site: through wp-cli, which loads everything as a page would. */
final class MuPluginsTest extends TestCase
{
    public static function setUpBeforeClass(): void
    {
        empty_store();
        [$code, , $error] = run_program(['/usr/local/bin/shop-install'], json_encode([
            'url' => 'https://demo.localhost:8443/', 'title' => 'Demo', 'adminUsername' => 'shopowner',
            'adminEmail' => 'owner@example.com', 'adminPassword' => 'Correct-Horse-7', 'platform' => 'wordpress',
        ]));
        self::assertSame(0, $code, $error);
    }

    /** Runs PHP inside WordPress; what it returns comes back. */
    private function inWordPress(string $code, array $environment = []): mixed
    {
        file_put_contents('/tmp/snippet.php', "<?php\n\$run = static function () {\n$code\n};\necho \"\\n\", json_encode(\$run());");
        [$exit, $out, $error] = run_program(['/usr/local/bin/wp', '--path=/var/www/html', 'eval-file', '/tmp/snippet.php'], '', $environment);
        self::assertSame(0, $exit, $error . $out);
        $lines = explode("\n", $out);
        return json_decode(end($lines), true);
    }

    #[TestDox('the shop\'s calls to itself go to the web server beside it, under its own name, cookies included')]
    public function testLoopback(): void
    {
        $calls = $this->inWordPress(<<<'PHP'
            $calls = [];
            add_filter('pre_http_request', function ($pre, $args, $url) use (&$calls) {
                if ($pre !== false) {
                    return $pre;
                }
                $calls[] = [$url, $args['headers']['Host'] ?? null, $args['headers']['Cookie'] ?? null, $args['method']];
                if (str_ends_with($url, '/old')) {
                    return ['response' => ['code' => 301], 'headers' => ['location' => 'https://demo.localhost:8443/new?x=1'], 'body' => '', 'cookies' => []];
                }
                return ['response' => ['code' => 200], 'headers' => [], 'body' => 'ok', 'cookies' => []];
            }, 15, 3);
            wp_remote_post('https://demo.localhost:8443/old', ['cookies' => ['a' => 'b']]);
            wp_remote_get('https://demo.localhost/other-port');
            return $calls;
            PHP);

        self::assertSame([
            ['http://127.0.0.1:8080/old', 'demo.localhost:8443', 'a=b', 'POST'],
            ['http://127.0.0.1:8080/new?x=1', 'demo.localhost:8443', 'a=b', 'GET'],
            ['https://demo.localhost/other-port', null, null, 'GET'],
        ], $calls);
    }

    #[TestDox('calls outside fail at once while names do not resolve, and go through when they do')]
    public function testOutside(): void
    {
        $ask = <<<'PHP'
            add_filter('pre_http_request', fn ($pre) => $pre === false ? ['response' => ['code' => 299]] : $pre, 30);
            $answer = wp_remote_get('https://api.example.org/');
            return is_wp_error($answer) ? $answer->get_error_message() : $answer['response']['code'];
            PHP;
        touch('/run/shop/outside-is-away');
        self::assertStringContainsString('no connection to the internet', $this->inWordPress($ask));

        touch('/run/shop/outside-is-away', time() - 3600);
        self::assertSame(299, $this->inWordPress($ask));

        unlink('/run/shop/outside-is-away');
        self::assertSame(299, $this->inWordPress($ask));
    }

    #[TestDox('core is not the owner\'s to change; plugins and themes are')]
    public function testCapabilities(): void
    {
        $can = $this->inWordPress(<<<'PHP'
            wp_set_current_user(1);
            return array_combine($names = ['update_core', 'edit_plugins', 'edit_themes', 'edit_files', 'install_plugins', 'activate_plugins', 'delete_plugins', 'update_plugins', 'install_themes', 'delete_themes', 'upload_files', 'manage_options'], array_map('current_user_can', $names));
            PHP);

        self::assertSame(['update_core', 'edit_plugins', 'edit_themes', 'edit_files'], array_keys(array_filter($can, static fn (bool $may): bool => !$may)));
    }

    #[TestDox('WooCommerce of the platform cannot be switched off, deactivated or updated')]
    public function testWooCommerceStays(): void
    {
        mkdir('/var/www/html/wp-content/plugins/woocommerce');
        file_put_contents('/var/www/html/wp-content/plugins/woocommerce/woocommerce.php', "<?php\n/* Plugin Name: Stand-in */");
        $ask = <<<'PHP'
            wp_set_current_user(1);
            require_once ABSPATH . 'wp-admin/includes/plugin.php';
            deactivate_plugins('woocommerce/woocommerce.php');
            set_site_transient('update_plugins', (object) ['response' => ['woocommerce/woocommerce.php' => 1, 'other/other.php' => 1]]);
            return [is_plugin_active('woocommerce/woocommerce.php'), current_user_can('deactivate_plugin', 'woocommerce/woocommerce.php'), current_user_can('deactivate_plugin', 'other/other.php'), array_keys(get_site_transient('update_plugins')->response)];
            PHP;

        self::assertSame([true, false, true, ['other/other.php']], $this->inWordPress($ask, ['SHOP_PLATFORM' => 'woocommerce']));
        // The same plugin, put there by the owner of a plain WordPress, is his.
        self::assertSame([false, true, true, ['woocommerce/woocommerce.php', 'other/other.php']], $this->inWordPress($ask));
    }

    #[TestDox('strangers learn no account names')]
    public function testNames(): void
    {
        $answers = $this->inWordPress(<<<'PHP'
            $list = rest_do_request(new WP_REST_Request('GET', '/wp/v2/users'));
            $one = rest_do_request(new WP_REST_Request('GET', '/wp/v2/users/1'));
            $wrongName = wp_authenticate('nobody', 'x')->get_error_message();
            $wrongPassword = wp_authenticate('shopowner', 'x')->get_error_message();
            $id = wp_insert_user(['user_login' => 'secret-login', 'user_pass' => 'x', 'role' => 'author']);
            return [$list->get_status(), $one->get_status(), $wrongName === $wrongPassword, get_userdata($id)->user_nicename, array_keys(wp_get_sitemap_providers())];
            PHP);

        self::assertSame([401, 401, true], array_slice($answers, 0, 3));
        self::assertStringNotContainsString('secret', $answers[3]);
        self::assertNotContains('users', $answers[4]);
    }

    #[TestDox('pages name no versions and ask no third party for pictures')]
    public function testQuiet(): void
    {
        $head = $this->inWordPress('ob_start(); do_action("wp_head"); return ob_get_clean();');

        self::assertStringNotContainsString('generator', $head);
        self::assertStringNotContainsString('s.w.org', $head);
        self::assertStringNotContainsString('gravatar', $head);
        self::assertStringNotContainsString('googleapis', $head);
    }

    #[TestDox('mail leaves through the spool')]
    public function testMail(): void
    {
        array_map(unlink(...), glob('/var/spool/shop-mail/*'));

        self::assertTrue($this->inWordPress('return wp_mail("buyer@example.com", "Your order 🛒", "Thank you");'));
        $messages = array_map(file_get_contents(...), glob('/var/spool/shop-mail/*.eml'));
        self::assertCount(1, $messages);
        self::assertStringContainsString("X-Shop-Envelope-To: <buyer@example.com>\r\n", $messages[0]);
        self::assertStringNotContainsString('s.w.org', $messages[0]);
    }

    #[TestDox('the object cache is in use')]
    public function testObjectCache(): void
    {
        self::assertSame([true, true], $this->inWordPress('return [wp_using_ext_object_cache(), $GLOBALS["wp_object_cache"]->is_connected()];'));
    }

    #[TestDox('what the theme, core and blocks say of styles is made once; anew when a block comes; and is the same')]
    public function testStylesOnce(): void
    {
        $seen = $this->inWordPress(<<<'PHP'
            $made = [];
            foreach (['default', 'blocks', 'theme'] as $origin) {
                add_filter("wp_theme_json_data_$origin", function ($data) use (&$made, $origin) {
                    $made[$origin] = ($made[$origin] ?? 0) + 1;
                    return $data;
                });
            }
            $look = function () use (&$made) {
                $made = [];
                WP_Theme_JSON_Resolver::get_merged_data();
                WP_Theme_JSON_Resolver::get_merged_data();
                return $made;
            };
            $css = fn () => md5(wp_json_encode([WP_Theme_JSON_Resolver::get_merged_data()->get_raw_data(), WP_Theme_JSON_Resolver::get_merged_data()->get_stylesheet()]));
            WP_Theme_JSON_Resolver::clean_cached_data();
            $as_wordpress = $look();
            $css_as_wordpress = $css();
            WP_Theme_JSON_Resolver::clean_cached_data();
            do_action('wp_loaded');
            $once = $look();
            $same = $css() === $css_as_wordpress;
            register_block_type('demo/late');
            return [$as_wordpress, $once, $same, $look()];
            PHP);

        $times = static fn (int $times): array => array_fill_keys(['blocks', 'default', 'theme'], $times);
        self::assertEquals([$times(2), $times(1), true, $times(1)], $seen);
    }
}
