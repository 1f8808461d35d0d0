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
    /** What follows is done by somebody who manages the shop, in a request that saves. */
    private const SAVING = 'wp_set_current_user(1); $_SERVER["REQUEST_METHOD"] = "POST"; ';

    public static function setUpBeforeClass(): void
    {
        installed_store();
        self::request('wp_create_nav_menu("Footer"); wp_insert_user(["user_login" => "customer", "user_pass" => "x", "role" => "subscriber"]); add_post_meta(1, "colour", "red"); foreach (["to-trash", "to-delete"] as $name) { wp_insert_post(["post_name" => $name, "post_title" => $name, "post_status" => "publish"]); }');
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
        $write = static fn (string $path, string $text): string => "is_dir(dirname(WP_CONTENT_DIR . '$path')) || mkdir(dirname(WP_CONTENT_DIR . '$path')); file_put_contents(WP_CONTENT_DIR . '$path', '$text');";
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
            'a category is made' => ['wp_insert_term(uniqid(), "category");'],
            'a category has another field' => [self::SAVING . 'update_term_meta(1, "colour", uniqid());'],
            'categories are in another order' => ['update_term_meta(1, "order", rand());'],
            'a program changes a category past WordPress, and says so' => ['clean_term_cache(1, "category");'],
            'a menu has another entry' => ['wp_update_nav_menu_item(wp_get_nav_menu_object("Footer")->term_id, 0, ["menu-item-title" => "Roses", "menu-item-url" => "https://roses.example/", "menu-item-status" => "publish"]);'],
            'the theme is another one' => [$write('/themes/other/style.css', '/* Theme Name: Other */') . $write('/themes/other/index.php', '') . 'switch_theme("other");'],
            'a plugin is switched on' => [$write('/plugins/tiny.php', '<?php /* Plugin Name: Tiny */') . 'if (is_wp_error(activate_plugin("tiny.php"))) { throw new Exception("not switched on"); }'],
            'the logo is another one, by the editor of the site' => ['wp_set_current_user(1); $request = new WP_REST_Request("POST", "/wp/v2/settings"); $request->set_param("site_logo", rand()); if (rest_do_request($request)->is_error()) { throw new Exception("not saved"); }'],
            'the page about privacy is another one' => ['update_option("wp_page_for_privacy_policy", rand());'],
            'somebody who manages the shop saves what a plugin calls its own' => [self::SAVING . 'update_option("wpseo_titles", [uniqid()]);'],
            'an author has another name' => ['wp_update_user(["ID" => 1, "display_name" => uniqid()]);'],
            'an author tells something else of themselves' => ['update_user_meta(1, "description", uniqid());'],
            'somebody who writes changes a field alone' => [self::SAVING . 'update_post_meta(1, "subtitle", uniqid());'],
            'somebody who writes takes a field away' => [self::SAVING . 'delete_post_meta(1, "colour");'],
            'a program changes a price alone' => ['update_post_meta(1, "_price", uniqid());'],
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
            'a plugin notes something while a visitor sends a form' => ['$_SERVER["REQUEST_METHOD"] = "POST"; update_option("some_plugin", uniqid());'],
            'a plugin notes something while somebody who manages the shop looks' => ['wp_set_current_user(1); update_option("some_plugin", uniqid());'],
            'a plugin notes something because a page of the administration is open' => [self::SAVING . 'define("DOING_AJAX", true); $_POST["action"] = "heartbeat"; update_option("some_plugin", uniqid());'],
            'something is noted for a while beside what is saved' => [self::SAVING . 'update_option("_transient_y", uniqid()); update_option("action_scheduler_lock_x", uniqid());'],
            'a post is opened to be changed' => [self::SAVING . 'require_once ABSPATH . "wp-admin/includes/post.php"; wp_set_post_lock(1);'],
            'a visit is counted' => ['update_post_meta(1, "post_views_count", rand());'],
            'a sale is counted' => [self::SAVING . 'update_post_meta(1, "total_sales", rand());'],
            'a visitor leaves something at a post' => ['$_SERVER["REQUEST_METHOD"] = "POST"; update_post_meta(1, "answers", uniqid());'],
            'a customer has another name' => ['wp_update_user(["ID" => get_user_by("login", "customer")->ID, "display_name" => uniqid(), "description" => uniqid()]);'],
            'anybody asks for a new password of the owner' => ['get_password_reset_key(get_userdata(1));'],
            'a task of the shop\'s administration is done' => ['update_option("woocommerce_task_list_done", uniqid());'],
        ];
    }

    #[TestDox('says so at the first change, since a request may be killed, and once more at its end, something else each time')]
    public function testTwice(): void
    {
        $keep = static fn (string $name): string => "copy(WP_CONTENT_DIR . '/cache/purge', '/tmp/$name');";
        self::assertTrue($this->says('update_option("blogname", uniqid());' . $keep('first') . 'update_option("blogname", uniqid());' . $keep('second')));
        self::assertFileEquals('/tmp/first', '/tmp/second');
        self::assertFileNotEquals('/tmp/first', self::SIGNAL);
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

    #[TestWith(['update_option("woocommerce_default_customer_address", "geolocation");', 'throw new Exception("drawn");'])]
    #[TestWith(['', 'header("Set-Cookie: a=b"); wp_redirect("/de/"); exit;'])]
    #[TestDox('who keeps pages is told that one for nobody is of no use, by nothing that would have it forgotten: $setting$drawing')]
    public function testNotShared(string $setting, string $drawing): void
    {
        self::theme("<?php $drawing");
        self::request($setting);
        [$headers, $body] = visit_shop(['HTTP_X_SHOP_PAGE' => 'whole']);
        self::request('delete_option("woocommerce_default_customer_address");');
        self::assertSame('', $body);
        self::assertMatchesRegularExpression('/^Status: 470\b/mi', $headers);
        self::assertDoesNotMatchRegularExpression('/^(?:Cache-Control|Expires|Pragma|Set-Cookie|Location):/mi', $headers);
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
