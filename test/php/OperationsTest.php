<?php
declare(strict_types=1);

use PHPUnit\Framework\Attributes\TestDox;
use PHPUnit\Framework\TestCase;

/** What the platform does to an installed shop: shop-set-url, shop-pause, shop-reset-admin. */
final class OperationsTest extends TestCase
{
    private const PAUSE_MARK = '/var/tmp/.shop-paused';
    private const PLUGINS = '/var/www/html/wp-content/plugins';

    protected function setUp(): void
    {
        installed_store();
    }

    protected function tearDown(): void
    {
        @unlink(self::PAUSE_MARK);
        @unlink('/var/tmp/.shop-maintenance');
        array_map(unlink(...), glob(self::PLUGINS . '/broken.php'));
    }

    /** @return array{int, ?array, string} */
    private function run_operation(string $name, mixed $input): array
    {
        [$code, $out, $error] = run_program(["/usr/local/bin/$name"], is_string($input) ? $input : json_encode($input));
        $lines = explode("\n", trim($out));
        return [$code, json_decode(end($lines), true), $error];
    }

    private function option(string $name): ?string
    {
        return database()->execute_query('SELECT option_value FROM shop_options WHERE option_name = ?', [$name])->fetch_row()[0] ?? null;
    }

    /** Runs PHP inside WordPress, cache included; what it returns comes back. */
    private function inWordPress(string $code): mixed
    {
        file_put_contents('/tmp/operation-snippet.php', "<?php\n\$run = static function () {\n$code\n};\necho \"\\n\", json_encode(\$run());");
        [$exit, $out, $error] = run_program(['/usr/local/bin/wp', '--path=/var/www/html', '--skip-plugins', 'eval-file', '/tmp/operation-snippet.php']);
        self::assertSame(0, $exit, $error . $out);
        $lines = explode("\n", $out);
        return json_decode(end($lines), true);
    }

    private function signsIn(string $username, string $password): bool
    {
        $quoted = array_map(static fn (string $text): string => var_export(base64_encode($text), true), [$username, $password]);
        return $this->inWordPress("return wp_authenticate(base64_decode({$quoted[0]}), wp_slash(base64_decode({$quoted[1]}))) instanceof WP_User;");
    }

    /** A plugin of the owner that no request survives. */
    private function breakShop(): void
    {
        file_put_contents(self::PLUGINS . '/broken.php', "<?php\n/* Plugin Name: Broken */\nthis_function_is_nowhere();");
        database()->execute_query("UPDATE shop_options SET option_value = ? WHERE option_name = 'active_plugins'", [serialize(['broken.php'])]);
    }

    #[TestDox('set-url: the shop stands at the new address at once, cache included, as often as it is said')]
    public function testSetUrl(): void
    {
        self::assertSame('https://demo.localhost:8443', $this->inWordPress('return home_url();'));
        foreach ([1, 2] as $time) {
            [$code, $answer, $error] = $this->run_operation('shop-set-url', ['url' => 'https://roses.example/']);
            self::assertSame([0, ['url' => 'https://roses.example/'], ''], [$code, $answer, $error]);
        }

        self::assertSame(['https://roses.example', 'https://roses.example'], $this->inWordPress('return [home_url(), site_url()];'));
        self::assertSame('Demo', $this->option('blogname'));
    }

    #[TestDox('configure: sets what is named and nothing else, says how all of it is, and knows only languages that are there')]
    public function testConfigure(): void
    {
        $asFound = ['title' => 'Demo', 'timezone' => 'UTC', 'locale' => 'en_US', 'country' => null, 'currency' => null, 'maintenance' => 'off', 'locales' => ['en_US'], 'php' => null];
        self::assertSame([0, $asFound, ''], $this->run_operation('shop-configure', new stdClass()));

        $title = 'Rosen & "Mehr" <b> \\ \'n\' ü☃';
        foreach ([1, 2] as $time) {
            $answer = $this->run_operation('shop-configure', ['title' => $title, 'timezone' => 'Europe/Berlin']);
            self::assertSame([0, ['title' => $title, 'timezone' => 'Europe/Berlin'] + $asFound, ''], $answer);
        }
        self::assertSame([$title, 'Europe/Berlin'], $this->inWordPress('return [wp_specialchars_decode(get_option("blogname"), ENT_QUOTES), wp_timezone_string()];'));

        // A language is offered once its texts are there, and taken only then.
        [$code, , $error] = $this->run_operation('shop-configure', ['locale' => 'de_DE', 'title' => 'Other']);
        self::assertSame([1, "shop-configure: the texts of this \"locale\" are not installed here\n"], [$code, $error]);
        $texts = '/var/www/html/wp-content/languages/de_DE.mo';
        file_put_contents($texts, '');
        try {
            [, $answer] = $this->run_operation('shop-configure', ['locale' => 'de_DE']);
            self::assertSame([$title, 'de_DE', ['en_US', 'de_DE']], [$answer['title'], $answer['locale'], $answer['locales']]);
            [, $answer] = $this->run_operation('shop-configure', ['locale' => 'en_US']);
            self::assertSame('en_US', $answer['locale']);
        } finally {
            unlink($texts);
        }
    }

    #[TestDox('trial-mail: what comes is what the shop writes, whole, and neither the spool nor anything else keeps it')]
    public function testTrialMail(): void
    {
        $spool = array_merge(glob('/var/spool/shop-mail/*') ?: [], glob('/tmp/trial-mail-*') ?: []);
        [$code, $answer, $error] = $this->run_operation('shop-trial-mail', ['to' => 'owner@example.com']);
        self::assertSame([0, ''], [$code, $error]);
        $mail = base64_decode($answer['message'], true);
        self::assertStringContainsString("X-Shop-Envelope-To: <owner@example.com>\r\n", $mail);
        self::assertMatchesRegularExpression('/^Subject: A test from Demo\r$/m', $mail);
        self::assertSame($spool, array_merge(glob('/var/spool/shop-mail/*') ?: [], glob('/tmp/trial-mail-*') ?: []));
        self::assertSame(1, $this->run_operation('shop-trial-mail', ['to' => 'nobody'])[0]);

        file_put_contents(self::PLUGINS . '/broken.php', "<?php\n/* Plugin Name: Own mail */\nfunction wp_mail() { return true; }");
        database()->execute_query("UPDATE shop_options SET option_value = ? WHERE option_name = 'active_plugins'", [serialize(['broken.php'])]);
        $this->inWordPress('wp_cache_flush();');
        self::assertSame([0, ['message' => null], ''], $this->run_operation('shop-trial-mail', ['to' => 'owner@example.com']));
    }

    #[TestDox('configure: maintenance is switched as often as it is said, and by nothing else that is done to the shop')]
    public function testMaintenance(): void
    {
        foreach (['on', 'on', 'off', 'off', 'on'] as $wish) {
            [$code, $answer, $error] = $this->run_operation('shop-configure', ['maintenance' => $wish]);
            self::assertSame([0, $wish, ''], [$code, $answer['maintenance'], $error]);
        }
        $this->run_operation('shop-pause', ['paused' => true]);
        $this->run_operation('shop-pause', ['paused' => false]);
        $this->run_operation('shop-set-url', ['url' => 'https://roses.example/']);
        // A repair installs once more what is there.
        [$code, $answer] = $this->run_operation('shop-install', [
            'url' => 'https://roses.example/', 'title' => 'Demo', 'adminUsername' => 'shopowner',
            'adminEmail' => 'owner@example.com', 'adminPassword' => 'Correct-Horse-7', 'platform' => 'wordpress',
        ]);
        self::assertSame([0, false, 'on'], [$code, $answer['first'], $answer['settings']['maintenance']]);
        foreach (['yes', ' ', true, ['on']] as $wrong) {
            self::assertSame(1, $this->run_operation('shop-configure', ['maintenance' => $wrong])[0]);
        }
        self::assertSame('on', $this->run_operation('shop-configure', new stdClass())[1]['maintenance']);
    }

    #[TestDox('configure: every time zone that the platform offers is one that this PHP knows')]
    public function testTimezones(): void
    {
        $offered = json_decode((string) file_get_contents('/tests/timezones.json'), true);
        self::assertGreaterThan(400, count($offered));
        self::assertSame([], array_values(array_diff($offered, DateTimeZone::listIdentifiers(DateTimeZone::ALL_WITH_BC))));
    }

    #[TestDox('configure: country and currency are a shop\'s; a state stays with its country')]
    public function testConfigureShop(): void
    {
        [$code, , $error] = $this->run_operation('shop-configure', ['currency' => 'EUR']);
        self::assertSame([1, "shop-configure: there is nothing here that sells\n"], [$code, $error]);
        $this->inWordPress('update_option("woocommerce_default_country", "US:CA"); update_option("woocommerce_currency", "USD");');

        [, $answer] = $this->run_operation('shop-configure', ['country' => 'US', 'currency' => 'EUR']);
        self::assertSame(['US', 'EUR', 'US:CA'], [$answer['country'], $answer['currency'], $this->option('woocommerce_default_country')]);
        $this->run_operation('shop-configure', ['country' => 'DE']);
        self::assertSame('DE', $this->option('woocommerce_default_country'));
        foreach ([['country' => 'de'], ['currency' => 'EURO'], ['timezone' => 'Mars/Base'], ['title' => ' '], ['title' => ['a']], 'no json'] as $wrong) {
            self::assertSame(1, $this->run_operation('shop-configure', $wrong)[0]);
        }
    }

    #[TestDox('set-url: paid files that were handed out at the old address are handed out at the new one')]
    public function testDownloads(): void
    {
        database()->query('CREATE TABLE shop_wc_product_download_directories (url_id INT AUTO_INCREMENT PRIMARY KEY, url VARCHAR(256), enabled TINYINT)');
        database()->query("INSERT INTO shop_wc_product_download_directories (url, enabled) VALUES ('https://demo.localhost:8443/paid/', 1), ('https://demo.localhost:8443.evil/', 1), ('file:///paid/', 0)");

        $this->run_operation('shop-set-url', ['url' => 'https://roses.example/']);
        $this->run_operation('shop-set-url', ['url' => 'https://roses.example/']);

        self::assertSame(
            [['file:///paid/', '0'], ['https://demo.localhost:8443.evil/', '1'], ['https://demo.localhost:8443/paid/', '1'], ['https://roses.example/paid/', '1']],
            database()->query('SELECT url, CAST(enabled AS CHAR) FROM shop_wc_product_download_directories ORDER BY url')->fetch_all(),
        );
    }

    #[TestDox('change-url: everything of the shop\'s own moves along, serialised or escaped; mail addresses and other hosts stay')]
    public function testChangeUrl(): void
    {
        $written = [
            'page' => 'https://demo.localhost:8443/tea?x=1', 'plain' => 'http://demo.localhost:8443', 'bare' => '//demo.localhost:8443/a.png',
            'json' => '{"at":"https:\\/\\/demo.localhost:8443\\/b.png"}', 'form' => 'to=https%3A%2F%2Fdemo.localhost:8443',
            'mail' => 'info@demo.localhost:8443', 'other' => 'https://demo.localhost:8443.evil/ https://demo.localhost:84431/ https://my-demo.localhost:8443/',
        ];
        database()->execute_query('INSERT INTO shop_options (option_name, option_value) VALUES (?, ?)', ['written', serialize(['deep' => $written])]);

        foreach ([1, 2] as $time) {
            [$code, $answer, $error] = $this->run_operation('shop-change-url', ['from' => 'https://demo.localhost:8443/', 'to' => 'https://1roses.example/']);
            self::assertSame([0, ['url' => 'https://1roses.example/'], ''], [$code, $answer, $error]);
        }

        self::assertSame(['https://1roses.example', 'https://1roses.example'], $this->inWordPress('return [home_url(), site_url()];'));
        self::assertSame(['deep' => [
            'page' => 'https://1roses.example/tea?x=1', 'plain' => 'http://1roses.example', 'bare' => '//1roses.example/a.png',
            'json' => '{"at":"https:\\/\\/1roses.example\\/b.png"}', 'form' => 'to=https%3A%2F%2F1roses.example',
            'mail' => $written['mail'], 'other' => $written['other'],
        ]], $this->inWordPress('return get_option("written");'));
        self::assertSame(1, $this->run_operation('shop-change-url', ['from' => 'https://a b/', 'to' => 'https://roses.example/'])[0]);
    }

    #[TestDox('reset-admin: the new password signs in, the old one and open sessions do not')]
    public function testReset(): void
    {
        $this->inWordPress('WP_Session_Tokens::get_instance(1)->create(time() + 3600); return true;');
        $password = 'a"b\\c\'d $(id) 🌹';
        foreach ([1, 2] as $time) {
            [$code, $answer, $error] = $this->run_operation('shop-reset-admin', ['username' => 'shopowner', 'password' => $password, 'email' => 'new@example.com']);
            self::assertSame([0, ['username' => 'shopowner'], ''], [$code, $answer, $error]);
        }

        self::assertSame([true, false], [$this->signsIn('shopowner', $password), $this->signsIn('shopowner', 'Correct-Horse-7')]);
        self::assertSame(['owner@example.com', 0], $this->inWordPress('return [get_userdata(1)->user_email, count(WP_Session_Tokens::get_instance(1)->get_all())];'));
    }

    #[TestDox('reset-admin: no password of a program opens the shop any more')]
    public function testApplicationPasswords(): void
    {
        $count = 'return count(WP_Application_Passwords::get_user_application_passwords(1));';
        $this->inWordPress('return WP_Application_Passwords::create_new_application_password(1, ["name" => "phone"])[0];');
        self::assertSame(1, $this->inWordPress($count));

        $this->run_operation('shop-reset-admin', ['username' => 'shopowner', 'password' => 'Another-Pass-8', 'email' => 'owner@example.com']);

        self::assertSame(0, $this->inWordPress($count));
    }

    #[TestDox('reset-admin: where it fails, the old password is good and the new one is not')]
    public function testRefusedRole(): void
    {
        $this->inWordPress('get_role("administrator")->remove_cap("manage_options"); return true;');

        $code = $this->run_operation('shop-reset-admin', ['username' => 'shopowner', 'password' => 'Another-Pass-8', 'email' => 'owner@example.com'])[0];

        self::assertSame(1, $code);
        self::assertSame([true, false], [$this->signsIn('shopowner', 'Correct-Horse-7'), $this->signsIn('shopowner', 'Another-Pass-8')]);
    }

    #[TestDox('reset-admin: somebody who is no administrator any more becomes one again')]
    public function testRole(): void
    {
        $this->inWordPress('(new WP_User(1))->set_role("subscriber"); return true;');

        $this->run_operation('shop-reset-admin', ['username' => 'shopowner', 'password' => 'Another-Pass-8', 'email' => 'owner@example.com']);

        self::assertSame(['administrator'], $this->inWordPress('return get_userdata(1)->roles;'));
    }

    #[TestDox('reset-admin: an account that is gone is made again, its name stays private, an address in use stays where it is')]
    public function testMakesAccount(): void
    {
        foreach (['second' => 'second@example.com', 'third' => 'owner@example.com'] as $username => $email) {
            self::assertSame(0, $this->run_operation('shop-reset-admin', ['username' => $username, 'password' => 'Another-Pass-8', 'email' => $email])[0]);
            self::assertTrue($this->signsIn($username, 'Another-Pass-8'));
        }

        $people = $this->inWordPress('return array_map(fn ($user) => [$user->user_login, $user->user_email, $user->display_name, $user->roles], get_users(["orderby" => "ID"]));');
        self::assertSame([
            ['shopowner', 'owner@example.com', 'Team', ['administrator']],
            ['second', 'second@example.com', 'Team', ['administrator']],
            ['third', '', 'Team', ['administrator']],
        ], $people);
        self::assertStringNotContainsString('second', $this->inWordPress('return get_user_by("login", "second")->user_nicename;'));
    }

    #[TestDox('a plugin that breaks the shop keeps neither its owner nor the platform out')]
    public function testBrokenPlugin(): void
    {
        $this->breakShop();

        self::assertSame(0, $this->run_operation('shop-reset-admin', ['username' => 'shopowner', 'password' => 'Another-Pass-8', 'email' => 'owner@example.com'])[0]);
        self::assertSame(0, $this->run_operation('shop-set-url', ['url' => 'https://roses.example/'])[0]);
        self::assertSame('https://roses.example', $this->option('home'));
        self::assertTrue($this->signsIn('shopowner', 'Another-Pass-8'));
    }

    #[TestDox('pause: may be repeated, and works without a database')]
    public function testPause(): void
    {
        foreach ([true, true, false, false] as $paused) {
            [$code, $out] = run_program(['/usr/local/bin/shop-pause'], json_encode(['paused' => $paused]), ['DB_HOST' => '127.0.0.1:1']);
            self::assertSame([0, ['paused' => $paused]], [$code, json_decode(trim($out), true)]);
            clearstatcache();
            self::assertSame($paused, is_file(self::PAUSE_MARK));
        }
    }

    #[TestDox('a paused shop can be worked on by programs, and stays paused while its address changes')]
    public function testWorkWhilePaused(): void
    {
        $this->run_operation('shop-pause', ['paused' => true]);

        self::assertSame(0, $this->run_operation('shop-set-url', ['url' => 'https://roses.example/'])[0]);
        self::assertSame('https://roses.example', $this->inWordPress('return home_url();'));
        self::assertFileExists(self::PAUSE_MARK);
    }

    #[TestDox('bad input is refused with one clear line, and nothing changes')]
    public function testBadInput(): void
    {
        $admin = ['username' => 'shopowner', 'password' => 'Another-Pass-8', 'email' => 'owner@example.com'];
        $refused = [
            ['shop-set-url', 'no json'], ['shop-set-url', []], ['shop-set-url', ['url' => 'http://a.example/']],
            ['shop-set-url', ['url' => 'https://a.example/shop/']], ['shop-set-url', ['url' => "https://a.example\n"]], ['shop-set-url', ['url' => 7]],
            ['shop-pause', '"x"'], ['shop-pause', []], ['shop-pause', ['paused' => 'yes']],
            ['shop-reset-admin', ['username' => '../x'] + $admin], ['shop-reset-admin', ['username' => str_repeat('x', 61)] + $admin],
            ['shop-reset-admin', ['email' => 'nobody'] + $admin], ['shop-reset-admin', ['password' => ''] + $admin],
        ];
        foreach ($refused as [$program, $input]) {
            [$code, $answer, $error] = $this->run_operation($program, $input);
            self::assertSame([1, null], [$code, $answer], $program . json_encode($input));
            self::assertMatchesRegularExpression("/\\A$program: [^\\n]+\\n\\z/", $error);
        }
        self::assertSame('https://demo.localhost:8443', $this->option('home'));
        self::assertFileDoesNotExist(self::PAUSE_MARK);
        self::assertTrue($this->signsIn('shopowner', 'Correct-Horse-7'));
    }

    #[TestDox('where no shop is installed yet, or no database answers, the reason is told')]
    public function testNoShop(): void
    {
        $admin = ['username' => 'shopowner', 'password' => 'Another-Pass-8', 'email' => 'owner@example.com'];
        foreach (['shop-set-url' => ['url' => 'https://roses.example/'], 'shop-reset-admin' => $admin] as $program => $input) {
            self::assertSame(1, run_program(["/usr/local/bin/$program"], json_encode($input), ['DB_HOST' => '127.0.0.1:1'])[0]);
        }
        database()->query("UPDATE shop_options SET option_value = 'started' WHERE option_name = 'shophosting_install'");
        self::assertStringContainsString('no shop is installed here yet', $this->run_operation('shop-set-url', ['url' => 'https://roses.example/'])[2]);

        empty_store();
        self::assertSame([1, null, "shop-reset-admin: no shop is installed here yet\n"], $this->run_operation('shop-reset-admin', $admin));
        self::assertSame([], database()->query('SHOW TABLES')->fetch_all());
    }
}
