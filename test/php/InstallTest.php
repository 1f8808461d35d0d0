<?php
declare(strict_types=1);

use PHPUnit\Framework\Attributes\TestDox;
use PHPUnit\Framework\TestCase;

final class InstallTest extends TestCase
{
    private const INPUT = [
        'url' => 'https://demo.localhost:8443/',
        'title' => '--exec=echo X',
        'adminUsername' => 'shopowner',
        'adminEmail' => 'owner@example.com',
        'adminPassword' => 'Correct-Horse-7',
        'platform' => 'wordpress',
    ];

    protected function setUp(): void
    {
        empty_store();
    }

    /** @return array{int, ?array, string} */
    private function install(array $changes = []): array
    {
        [$code, $out, $error] = run_program(['/usr/local/bin/shop-install'], json_encode($changes + self::INPUT));
        $lines = explode("\n", trim($out));
        return [$code, json_decode(end($lines), true), $error];
    }

    private function option(string $name): ?string
    {
        return database()->execute_query('SELECT option_value FROM shop_options WHERE option_name = ?', [$name])->fetch_row()[0] ?? null;
    }

    #[TestDox('installs a site with literal title, pretty addresses and an owner whose name stays private')]
    public function testFirst(): void
    {
        [$code, $answer, $error] = $this->install();

        self::assertSame([0, ''], [$code, $error]);
        self::assertTrue($answer['installed']);
        self::assertMatchesRegularExpression('/^\d+\.\d+/', $answer['versions']['wordpress']);
        self::assertSame($answer['versions']['wordpress'], $answer['versions']['application']);
        self::assertSame('--exec=echo X', $this->option('blogname'));
        self::assertSame('https://demo.localhost:8443', $this->option('siteurl'));
        self::assertSame('https://demo.localhost:8443', $this->option('home'));
        self::assertSame('/%postname%/', $this->option('permalink_structure'));
        self::assertSame('finished', $this->option('shophosting_install'));
        self::assertSame([['shopowner', 'team', 'Team']], database()->query('SELECT user_login, user_nicename, display_name FROM shop_users')->fetch_all());
        self::assertSame([], database()->query("SELECT post_title FROM shop_posts WHERE post_type IN ('post', 'page')")->fetch_all());
    }

    #[TestDox('titles are carried through whatever is in them')]
    public function testTitles(): void
    {
        $titles = ['$(id) `id` \\n "quoted" \'single\'', "\u{202E}right to left", '🛒 Ünï', '0', str_repeat('long ', 200)];
        foreach ($titles as $title) {
            empty_store();
            self::assertSame(0, $this->install(['title' => $title])[0], $title);
            self::assertSame(trim($title), trim(html_entity_decode((string) $this->option('blogname'), ENT_QUOTES)), $title);
        }
    }

    #[TestDox('again: only the address is put right; title and password are the owner\'s')]
    public function testAgain(): void
    {
        $this->install();
        database()->query("UPDATE shop_options SET option_value = 'My own title' WHERE option_name = 'blogname'");
        $password = database()->query('SELECT user_pass FROM shop_users')->fetch_row()[0];

        [$code, $answer] = $this->install(['url' => 'https://other.example/', 'title' => 'New', 'adminPassword' => 'Another-Pass-8']);

        self::assertSame(0, $code);
        self::assertFalse($answer['first']);
        self::assertSame('https://other.example', $this->option('siteurl'));
        self::assertSame('My own title', $this->option('blogname'));
        self::assertSame($password, database()->query('SELECT user_pass FROM shop_users')->fetch_row()[0]);
    }

    #[TestDox('a shop that somebody else installed is only told its address')]
    public function testForeign(): void
    {
        $this->install();
        database()->query("DELETE FROM shop_options WHERE option_name = 'shophosting_install'");
        database()->query("UPDATE shop_options SET option_value = 'Theirs' WHERE option_name = 'blogname'");

        self::assertSame(0, $this->install(['title' => 'Ours'])[0]);
        self::assertSame('Theirs', $this->option('blogname'));
    }

    #[TestDox('an interrupted try is finished, with the password of the one that finishes')]
    public function testInterrupted(): void
    {
        $this->install(['forNobody' => true]);
        database()->query("UPDATE shop_options SET option_value = 'started' WHERE option_name = 'shophosting_install'");

        [$code, $answer] = $this->install(['adminPassword' => 'Another-Pass-8']);

        self::assertSame([0, true], [$code, $answer['first']]);
        self::assertSame('finished', $this->option('shophosting_install'));
        self::assertSame(1, $this->accountsThatOpenWith('Another-Pass-8'));
    }

    /** How many accounts this password opens. */
    private function accountsThatOpenWith(string $password): int
    {
        $digests = array_column(database()->query('SELECT user_pass FROM shop_users')->fetch_all(), 0);
        $opens = static fn (string $digest): bool => str_starts_with($digest, '$wp')
            && password_verify(base64_encode(hash_hmac('sha384', $password, 'wp-sha384', true)), substr($digest, 3));
        return count(array_filter($digests, $opens));
    }

    #[TestDox('a shop of nobody is installed, and no password opens it')]
    public function testForNobody(): void
    {
        [$code, $answer, $error] = $this->install(['forNobody' => true]);

        self::assertSame([0, ''], [$code, $error]);
        self::assertTrue($answer['installed']);
        self::assertSame('unowned', $this->option('shophosting_install'));
        self::assertSame([['nobody', '!']], database()->query('SELECT user_login, user_pass FROM shop_users')->fetch_all());
        self::assertSame('https://nobody.shop.invalid', $this->option('siteurl'));
        $everything = json_encode($this->everything());
        foreach (['demo.localhost', 'shopowner', 'owner@example.com', 'exec=echo'] as $text) {
            self::assertStringNotContainsString($text, $everything);
        }

        [$code, $answer] = $this->install(['forNobody' => true]);
        self::assertSame([0, 'unowned'], [$code, $this->option('shophosting_install')]);
    }

    #[TestDox('a copy of nobody\'s shop that is handed over is what a new shop would be')]
    public function testHandedOver(): void
    {
        $this->install(['timezone' => 'Europe/Berlin']);
        $new = $this->everything();
        empty_store();
        $this->install(['forNobody' => true]);

        [$code, $answer, $error] = $this->install(['timezone' => 'Europe/Berlin']);

        self::assertSame([0, ''], [$code, $error]);
        self::assertTrue($answer['first']);
        self::assertSame(1, $this->accountsThatOpenWith(self::INPUT['adminPassword']));
        self::assertEquals($new, $this->everything());
        self::assertStringNotContainsString('nobody', json_encode($this->everything()));
    }

    /** @return array{string, string} status and body of the page that hands over, as the platform asks it */
    private function handOverByPage(string $key, array $changes = []): array
    {
        $body = json_encode($changes + self::INPUT);
        $request = ['SCRIPT_FILENAME' => '/usr/local/lib/shop/install/page.php', 'REQUEST_METHOD' => 'POST', 'HTTP_X_SHOP_KEY' => $key,
            'CONTENT_TYPE' => 'application/json', 'CONTENT_LENGTH' => (string) strlen($body)];
        [$headers, $answer] = visit_shop($request, $body);
        preg_match('/^Status: (\d+)/m', $headers, $status);
        return [$status[1] ?? '200', $answer];
    }

    private function keyOfPage(): string
    {
        return hash('sha256', 'hand over ' . trim(file_get_contents('/run/secrets/shop/db-password')));
    }

    #[TestDox('the page hands over as the program does, to whoever knows the key, and only what is nobody\'s')]
    public function testHandedOverByPage(): void
    {
        $this->install(['timezone' => 'Europe/Berlin']);
        $new = $this->everything();
        self::assertSame(['409', ''], $this->handOverByPage($this->keyOfPage(), ['title' => 'Another title']));
        empty_store();
        self::assertSame(['409', ''], $this->handOverByPage($this->keyOfPage()));
        $this->install(['forNobody' => true]);

        foreach (['', 'wrong', hash('sha256', 'hand over ')] as $key) {
            self::assertSame(['404', ''], $this->handOverByPage($key));
        }
        self::assertSame('500', $this->handOverByPage($this->keyOfPage(), ['currency' => 'no currency'])[0]);
        self::assertSame(['409', ''], $this->handOverByPage($this->keyOfPage(), ['forNobody' => true]));
        $lock = fopen('/tmp/wp.lock', 'c');
        flock($lock, LOCK_EX);
        self::assertSame(['409', ''], $this->handOverByPage($this->keyOfPage()));
        flock($lock, LOCK_UN);
        self::assertSame('unowned', $this->option('shophosting_install'));

        [$status, $answer] = $this->handOverByPage($this->keyOfPage(), ['timezone' => 'Europe/Berlin']);

        self::assertSame('200', $status);
        self::assertTrue(json_decode($answer, true)['first']);
        self::assertSame(1, $this->accountsThatOpenWith(self::INPUT['adminPassword']));
        self::assertEquals($new, $this->everything());
        self::assertSame(['409', ''], $this->handOverByPage($this->keyOfPage(), ['title' => 'Another title']));
    }

    #[TestDox('copies of nobody\'s address of mail become the owner\'s, also within what a plugin keeps as one')]
    public function testCopies(): void
    {
        $this->install(['forNobody' => true]);
        $kept = serialize(['email' => 'nobody@nobody.shop.invalid', 'deep' => ['to' => 'nobody@nobody.shop.invalid', 'n' => 1]]);
        database()->execute_query("INSERT INTO shop_options (option_name, option_value) VALUES ('a_gateway', ?)", [$kept]);

        [$code, , $error] = $this->install();

        self::assertSame([0, ''], [$code, $error]);
        $expected = ['email' => 'owner@example.com', 'deep' => ['to' => 'owner@example.com', 'n' => 1]];
        self::assertSame($expected, unserialize($this->option('a_gateway')));
    }

    /** Every row of every table, but for moments and what is secret. */
    private function everything(): array
    {
        $database = database();
        $all = [];
        foreach (array_column($database->query('SHOW TABLES')->fetch_all(), 0) as $table) {
            $rows = $database->query("SELECT * FROM `$table`")->fetch_all(MYSQLI_ASSOC);
            foreach ($rows as &$row) {
                unset($row['option_id'], $row['umeta_id']);
                $isSecret = in_array($row['option_name'] ?? '', ['recovery_keys', 'cron'], true);
                foreach ($row as $column => &$value) {
                    $isMoment = preg_match('/^\d{4}-\d\d-\d\d \d\d:|^1[6-9]\d{8}$/', (string) $value) === 1;
                    $value = $isMoment || $column === 'user_pass' || ($isSecret && $column === 'option_value') ? '*' : $value;
                }
                unset($value);
            }
            unset($row);
            usort($rows, static fn (array $one, array $other): int => json_encode($one) <=> json_encode($other));
            $all[$table] = $rows;
        }
        return $all;
    }

    #[TestDox('a try that was killed among the first tables starts anew')]
    public function testHalfTables(): void
    {
        $this->install();
        database()->query('DROP TABLE shop_options, shop_posts');
        database()->query('TRUNCATE shop_users');

        self::assertSame(0, $this->install()[0]);
        self::assertSame('finished', $this->option('shophosting_install'));
    }

    #[TestDox('tables with somebody\'s accounts in them are never dropped, and the reason is told')]
    public function testNeverDrops(): void
    {
        $this->install();
        database()->query('DROP TABLE shop_options');

        [$code, , $error] = $this->install();

        self::assertSame(1, $code);
        self::assertStringContainsString('nothing was changed', $error);
        self::assertSame('1', (string) database()->query('SELECT COUNT(*) FROM shop_users')->fetch_row()[0]);
    }

    #[TestDox('bad input is refused with a sentence before anything is made')]
    public function testBadInput(): void
    {
        foreach ([['url' => 'http://demo.localhost'], ['url' => 'https://demo.localhost/shop'], ['platform' => 'magento'], ['title' => ' '], ['adminPassword' => null], ['country' => 'Germany']] as $change) {
            [$code, , $error] = $this->install($change);
            self::assertSame(1, $code, json_encode($change));
            self::assertStringStartsWith('shop-install: ', $error);
        }
        self::assertSame(1, run_program(['/usr/local/bin/shop-install'], 'no json')[0]);
        self::assertSame([], database()->query('SHOW TABLES')->fetch_all());
    }

    #[TestDox('two at once: one installs, the other waits and finds it installed')]
    public function testTwoAtOnce(): void
    {
        $processes = [];
        foreach ([1, 2] as $i) {
            $processes[$i] = proc_open(['/usr/local/bin/shop-install'], [['pipe', 'r'], ['pipe', 'w'], ['file', '/tmp/two.log', 'a']], $pipes[$i]);
            fwrite($pipes[$i][0], json_encode(self::INPUT));
            fclose($pipes[$i][0]);
        }
        $first = [];
        foreach ($processes as $i => $process) {
            $first[] = json_decode(stream_get_contents($pipes[$i][1]), true)['first'];
            self::assertSame(0, proc_close($process));
        }
        sort($first);
        self::assertSame([false, true], $first);
    }

    #[TestDox('without its database it fails with a reason and not with a page')]
    public function testNoDatabase(): void
    {
        [$code, $out, $error] = run_program(['/usr/local/bin/shop-install'], json_encode(self::INPUT), ['DB_HOST' => '127.0.0.1:1']);

        self::assertSame([1, ''], [$code, $out]);
        self::assertNotSame('', $error);
    }
}
