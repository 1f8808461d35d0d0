<?php
declare(strict_types=1);

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\Attributes\TestDox;
use PHPUnit\Framework\Attributes\TestWith;
use PHPUnit\Framework\TestCase;

/** When a shop says that its pages changed; asked of an installed site, one request after the other. */
final class KeptPagesTest extends TestCase
{
    private const SIGNAL = '/var/www/html/wp-content/cache/purge';

    public static function setUpBeforeClass(): void
    {
        installed_store();
        self::request('foreach (["to-trash", "to-delete"] as $name) { wp_insert_post(["post_name" => $name, "post_title" => $name, "post_status" => "publish"]); }');
    }

    protected function setUp(): void
    {
        is_dir(self::SIGNAL) ? rmdir(self::SIGNAL) : @unlink(self::SIGNAL);
    }

    /** One request in which this happens; true when the shop said at its end that something changed. */
    private function says(string $code): bool
    {
        self::request($code);
        return is_file(self::SIGNAL);
    }

    private static function request(string $code): void
    {
        file_put_contents('/tmp/snippet.php', "<?php\n(static function () {\n$code\n})();");
        [$exit, $out, $error] = run_program(['/usr/local/bin/wp', '--path=/var/www/html', 'eval-file', '/tmp/snippet.php']);
        self::assertSame(0, $exit, $error . $out);
    }

    #[DataProvider('shown')]
    #[TestDox('says so when $_dataset')]
    public function testSays(string $code): void
    {
        self::assertTrue($this->says($code));
    }

    public static function shown(): array
    {
        $hook = static fn (string $name): string => "do_action('$name', 1, 1, 1);";
        return [
            'a post is published' => ['wp_insert_post(["post_title" => "New", "post_status" => "publish"]);'],
            'a post is changed' => ['wp_update_post(["ID" => 1, "post_title" => "Other"]);'],
            'a post gets a field' => ['clean_post_cache(1);'],
            'a post is deleted' => ['wp_delete_post(get_page_by_path("to-delete", OBJECT, "post")->ID, true);'],
            'a post goes to the trash' => ['wp_trash_post(get_page_by_path("to-trash", OBJECT, "post")->ID);'],
            'a comment is approved' => ['wp_insert_comment(["comment_post_ID" => 1, "comment_content" => "Nice", "comment_approved" => 1]);'],
            'a comment is edited' => ['wp_update_comment(["comment_ID" => 1, "comment_content" => "Other"]);'],
            'a category is renamed' => ['wp_update_term(1, "category", ["name" => "News"]);'],
            'a menu is made' => ['wp_create_nav_menu("Main");'],
            'the title changes' => ['update_option("blogname", "Other " . uniqid());'],
            'a look is set' => ['set_theme_mod("colour", uniqid());'],
            'a widget is placed' => ['update_option("widget_text", [uniqid()]);'],
            'a form of the administration is saved' => ['$GLOBALS["pagenow"] = "options.php"; update_option("some_plugin", uniqid());'],
            'the theme is another one' => [$hook('switch_theme')],
            'a plugin is switched on' => [$hook('activated_plugin')],
            'a product is changed' => [$hook('woocommerce_update_product')],
            'a price is changed' => [$hook('woocommerce_updated_product_price')],
            'the last one is sold' => [$hook('woocommerce_product_set_stock')],
            'a tax is changed' => [$hook('woocommerce_tax_rate_updated')],
            'the currency is another one' => ['update_option("woocommerce_currency", uniqid());'],
        ];
    }

    #[DataProvider('notShown')]
    #[TestDox('says nothing when $_dataset')]
    public function testSaysNothing(string $code): void
    {
        self::assertFalse($this->says($code));
    }

    public static function notShown(): array
    {
        return [
            'nothing happens' => ['get_option("blogname");'],
            'a draft is begun' => ['wp_insert_post(["post_title" => "x", "post_status" => "auto-draft"]);'],
            'a comment waits' => ['wp_insert_comment(["comment_post_ID" => 1, "comment_content" => "Hm", "comment_approved" => 0]);'],
            'an order is taken' => ['register_post_type("shop_order", ["public" => false]); wp_insert_post(["post_type" => "shop_order", "post_title" => "Order", "post_status" => "publish"]);'],
            'its clock is set' => ['update_option("cron", ["x" => uniqid()]);'],
            'something is noted for a while' => ['set_transient("x", uniqid()); update_option("_transient_x", uniqid());'],
            'a secret place is drawn with the first page' => ['delete_option("woocommerce_maxmind_geolocation_settings"); add_option("woocommerce_maxmind_geolocation_settings", ["database_prefix" => uniqid()]);'],
            'a task of the shop\'s administration is done' => ['update_option("woocommerce_task_list_done", uniqid());'],
        ];
    }

    #[TestDox('says so once in a request, at its end, and says something else each time')]
    public function testOnce(): void
    {
        self::assertTrue($this->says('update_option("blogname", uniqid()); update_option("blogname", uniqid()); if (is_file(WP_CONTENT_DIR . "/cache/purge")) { throw new Exception("too early"); }'));
        $first = file_get_contents(self::SIGNAL);
        self::assertTrue($this->says('update_option("blogname", uniqid());'));
        self::assertNotSame($first, file_get_contents(self::SIGNAL));
    }

    #[TestDox('writes through no link, and a folder in its place stops no page')]
    public function testHostile(): void
    {
        file_put_contents('/tmp/precious', 'as it was');
        symlink('/tmp/precious', self::SIGNAL);
        self::assertTrue($this->says('update_option("blogname", uniqid());'));
        self::assertFalse(is_link(self::SIGNAL));
        self::assertSame('as it was', file_get_contents('/tmp/precious'));

        unlink(self::SIGNAL);
        mkdir(self::SIGNAL);
        self::assertFalse($this->says('update_option("blogname", uniqid());'));
    }

    #[DataProvider('pages')]
    #[TestDox('a page is kept from being kept: $_dataset')]
    public function testPrivate(string $before, bool $isPrivate): void
    {
        // wp-cli sends no headers; what WordPress would send is asked for instead.
        $code = "$before\n" . 'add_filter("nocache_headers", static function (array $headers): array { file_put_contents("/tmp/private", "yes"); return $headers; }); do_action("template_redirect");';
        @unlink('/tmp/private');
        ob_start();
        $this->says("ob_start();\n$code\nob_end_clean();");
        ob_end_clean();
        self::assertSame($isPrivate, is_file('/tmp/private'));
    }

    public static function pages(): array
    {
        return [
            'any other page may be kept' => ['', false],
            'cart, checkout and account, whatever they are called' => ['define("DONOTCACHEPAGE", true);', true],
            'prices by where a visitor comes from' => ['update_option("woocommerce_default_customer_address", "geolocation");', true],
        ];
    }

    #[TestDox('who keeps pages is told the length of one before it comes, packed for who wants that, and nobody else is')]
    public function testWhole(): void
    {
        self::theme('<html><?php wp_head(); echo str_repeat("roses ", 500); ?></html><?php add_action("shutdown", static fn () => print("<!-- late -->"), 999);');
        $whole = ['HTTP_X_SHOP_PAGE' => 'whole'];
        [$headers, $packed] = visit_shop($whole + ['HTTP_ACCEPT_ENCODING' => 'gzip']);
        self::assertMatchesRegularExpression('/^Content-Length: ' . strlen($packed) . '\r?$/mi', $headers);
        self::assertMatchesRegularExpression('/^Content-Encoding: gzip\r?$/mi', $headers);
        self::assertStringEndsWith('</html><!-- late -->', gzdecode($packed));

        [$headers, $page] = visit_shop($whole + ['HTTP_ACCEPT_ENCODING' => 'identity']);
        self::assertMatchesRegularExpression('/^Content-Length: ' . strlen($page) . '\r?$/mi', $headers);
        self::assertStringEndsWith('</html><!-- late -->', $page);

        [$headers] = visit_shop(['HTTP_ACCEPT_ENCODING' => 'gzip']);
        self::assertDoesNotMatchRegularExpression('/^Content-(?:Length|Encoding):/mi', $headers);
    }

    #[TestWith(['', '/^Cache-Control: stale-while-revalidate=60\r?$/mi'])]
    #[TestWith(['header("Cache-Control: max-age=5");', '/^Cache-Control: max-age=5\r?$/mi'])]
    #[TestWith(['define("DONOTCACHEPAGE", true);', '/^Cache-Control: [^\r\n]*no-store/mi'])]
    #[TestDox('a page may be shown a minute longer while it is renewed, unless it says otherwise, and be it while it is drawn: $code')]
    public function testRenewal(string $code, string $expected): void
    {
        self::theme("<html><?php wp_head(); $code ?></html>");
        [$headers] = visit_shop(['HTTP_X_SHOP_PAGE' => 'whole', 'HTTP_ACCEPT_ENCODING' => 'identity']);
        self::assertMatchesRegularExpression($expected, $headers);
        self::assertSame(1, preg_match_all('/^Cache-Control:/mi', $headers));
    }

    #[TestWith(['while (ob_get_level()) { ob_end_clean(); }'])]
    #[TestWith(['while (ob_get_level()) { ob_end_flush(); }'])]
    #[TestWith(['while (ob_get_level() > 1) { ob_end_flush(); } ob_flush();'])]
    #[TestDox('what ends the page before its time is told no length: $code')]
    public function testNotWhole(string $code): void
    {
        self::theme("<?php echo 'begun'; $code echo str_repeat('a file ', 500), 'ended';");
        [$headers, $body] = visit_shop(['HTTP_X_SHOP_PAGE' => 'whole', 'HTTP_ACCEPT_ENCODING' => 'gzip']);
        self::assertDoesNotMatchRegularExpression('/^Content-(?:Length|Encoding):/mi', $headers);
        self::assertStringEndsWith('ended', $body);
    }

    /** The shop's looks are this program alone. */
    private static function theme(string $program): void
    {
        $folder = '/var/www/html/wp-content/themes/plain';
        is_dir($folder) || mkdir($folder);
        file_put_contents("$folder/style.css", '/* Theme Name: Plain */');
        file_put_contents("$folder/index.php", $program);
        self::request('update_option("template", "plain"); update_option("stylesheet", "plain"); delete_option("woocommerce_default_customer_address");');
    }
}
