<?php
declare(strict_types=1);

use PHPUnit\Framework\Attributes\TestDox;
use PHPUnit\Framework\TestCase;

require_once __DIR__ . '/ObjectCacheTest.php';

/** What pages of a kind asked for the last time, fetched at once. */
final class FetchedAheadTest extends TestCase
{
    private Redis $redis;

    protected function setUp(): void
    {
        @unlink(WP_Object_Cache::STALE_MARK);
        empty_store();
        $this->redis = new Redis();
        $this->redis->connect('127.0.0.1');
    }

    /** Programs fetch nothing ahead, so this is everybody else. */
    private function somebody(): WP_Object_Cache
    {
        return new WP_Object_Cache();
    }

    private function page(string $kind = 'cart'): WP_Object_Cache
    {
        return new WP_Object_Cache($kind);
    }

    /** A page of the kind that asks for these and ends. */
    private function pageThatAsks(array $keys, string $kind = 'cart'): void
    {
        $page = $this->page($kind);
        foreach ($keys as $key) {
            $page->get($key, 'g');
        }
        $page->close();
    }

    /** How many commands Redis is given meanwhile. */
    private function commandsOf(Closure $act): int
    {
        $count = fn (): int => (int) $this->redis->info('stats')['total_commands_processed'];
        $before = $count();
        $act();
        return $count() - $before - 1;
    }

    #[TestDox('what a page asked for, the next of its kind has by two questions, and writes nothing')]
    public function testTwoQuestions(): void
    {
        $keys = array_map(static fn (int $n): string => "key $n", range(1, 100));
        $this->somebody()->set_multiple(array_combine(array_slice($keys, 0, 50), range(1, 50)), 'g', 0);
        $this->pageThatAsks($keys);
        $page = $this->page();

        self::assertSame(2, $this->commandsOf(function () use ($page, $keys): void {
            foreach ($keys as $at => $key) {
                self::assertSame($at < 50 ? $at + 1 : false, $page->get($key, 'g', false, $found));
                self::assertSame($at < 50, $found);
            }
            self::assertSame(['key 2' => 2, 'key 99' => false], $page->get_multiple(['key 2', 'key 99'], 'g'));
            $page->close();
        }));
        self::assertSame(1, $this->commandsOf(fn () => $this->page('shop')->get('key 1', 'g')) - 1, 'another kind asks for itself');
    }

    #[TestDox('several keys at once: only what is not there yet is asked for')]
    public function testMultiple(): void
    {
        $this->somebody()->set_multiple(['a' => 'A', 'b' => ['B'], 7 => 'seven'], 'g', 0);
        $this->pageThatAsks(['a', 7]);
        $page = $this->page();

        self::assertSame(['b' => ['B'], 'a' => 'A', 'none' => false, 7 => 'seven'], $page->get_multiple(['b', 'a', 'none', 7], 'g'));
    }

    #[TestDox('a page sees what it has changed itself, in whatever way')]
    public function testOwnChanges(): void
    {
        $changes = [
            'set' => [static fn (WP_Object_Cache $page) => $page->set('k', 'new', 'g', 0), 'new'],
            'set_multiple' => [static fn (WP_Object_Cache $page) => $page->set_multiple(['k' => 'new'], 'g', 0), 'new'],
            'replace' => [static fn (WP_Object_Cache $page) => $page->replace('k', 'new', 'g', 0), 'new'],
            'delete' => [static fn (WP_Object_Cache $page) => $page->delete('k', 'g'), false],
            'delete_multiple' => [static fn (WP_Object_Cache $page) => $page->delete_multiple(['k'], 'g'), false],
            'incr' => [static fn (WP_Object_Cache $page) => $page->incr('k', 2, 'g'), 12],
            'flush' => [static fn (WP_Object_Cache $page) => $page->flush(), false],
            'flush_group' => [static fn (WP_Object_Cache $page) => $page->flush_group('g'), false],
        ];
        foreach ($changes as $name => [$change, $expected]) {
            $this->somebody()->set('k', 10, 'g', 0);
            $this->pageThatAsks(['k', 'other']);
            $page = $this->page();
            $page->get('other', 'g');
            $change($page);
            self::assertSame($expected, $page->get('k', 'g'), $name);
            // Also once the page has forgotten what it knew.
            $page->flush_runtime();
            self::assertSame($expected, $page->get('k', 'g'), "$name, flush_runtime");
        }
    }

    #[TestDox('add, counting and replacing ask Redis itself, whatever was fetched')]
    public function testOthersChanges(): void
    {
        $this->pageThatAsks(['k', 'n', 'gone']);
        $this->somebody()->set('gone', 1, 'g', 0);
        $page = $this->page();
        self::assertFalse($page->get('k', 'g'));
        $this->somebody()->set('k', 'theirs', 'g', 0);
        $this->somebody()->set('n', 5, 'g', 0);
        $this->somebody()->delete('gone', 'g');

        self::assertFalse($page->add('k', 'mine', 'g', 0));
        self::assertSame('theirs', $page->get('k', 'g'));
        self::assertSame(6, $page->incr('n', 1, 'g'));
        self::assertFalse($page->replace('gone', 'x', 'g', 0));
        self::assertFalse($page->get('gone', 'g'));
    }

    #[TestDox('nothing is older than the first question; whoever insists, gets it as it is now')]
    public function testAge(): void
    {
        $this->somebody()->set_multiple(['a' => 'old', 'b' => 'old', 'first' => 1], 'g', 0);
        $this->pageThatAsks(['first', 'a', 'b']);
        $page = $this->page();
        $this->somebody()->set('a', 'before', 'g', 0);
        $page->get('first', 'g');
        $this->somebody()->set_multiple(['a' => 'after', 'b' => 'after'], 'g', 0);

        self::assertSame('before', $page->get('a', 'g'));
        self::assertSame('after', $page->get('a', 'g', true));
        $this->somebody()->delete('b', 'g');
        self::assertFalse($page->get('b', 'g', true));
        self::assertFalse($page->get('b', 'g'), 'what is gone does not come back');
    }

    #[TestDox('it counts for some seconds only')]
    public function testEndsByItself(): void
    {
        $ahead = Shop_Fetched_Ahead::for_kind('shop', 'cart');
        $this->somebody()->set('a', 1, 'g', 0);
        $this->pageThatAsks(['a', 'b']);
        $ahead->fetch($this->redis);
        (new ReflectionProperty($ahead, 'until'))->setValue($ahead, hrtime(true) / 1e9 - 0.001);

        self::assertNull($ahead->take('shop:g:a'));
        self::assertNull($ahead->take('shop:g:b'));
    }

    #[TestDox('what three pages in a row did not ask for is fetched no more; a large one not once')]
    public function testList(): void
    {
        $this->somebody()->set('large', str_repeat('x', 100_000), 'g', 0);
        $list = fn (): array => array_keys(unserialize($this->redis->get($this->redis->keys('shop:shop-fetched-ahead:*')[0])));
        $this->pageThatAsks(['often', 'once', 'large']);
        self::assertEqualsCanonicalizing(['shop:g:often', 'shop:g:once', 'shop:g:large'], $list());
        foreach ([['shop:g:often', 'shop:g:once'], ['shop:g:often', 'shop:g:once'], ['shop:g:often']] as $expected) {
            $this->pageThatAsks(['often']);
            self::assertEqualsCanonicalizing($expected, $list());
        }
        $this->pageThatAsks([...array_map(static fn (int $n): string => "key $n", range(1, 2 * Shop_Fetched_Ahead::NAMES)), str_repeat('y', 300)]);
        self::assertCount(Shop_Fetched_Ahead::NAMES, $list());
    }

    #[TestDox('groups of the page stay on the page, also when a list has them')]
    public function testPageOnly(): void
    {
        $this->somebody()->set('k', 'shared', 'g', 0);
        $this->pageThatAsks(['k', 'other']);
        $page = $this->page();
        $page->get('other', 'g');
        $page->add_non_persistent_groups(['g']);

        self::assertFalse($page->get('k', 'g'));
    }

    #[TestDox('without Redis nothing is taken from what was fetched')]
    public function testRedisGoes(): void
    {
        $this->somebody()->set_multiple(['a' => 1, 'b' => 2], 'g', 0);
        $this->pageThatAsks(['a', 'b']);
        $page = $this->page();
        self::assertSame(1, $page->get('a', 'g'));
        $this->redis->rawCommand('CLIENT', 'PAUSE', '1000', 'ALL');
        $page->set('c', 3, 'g', 0);

        self::assertFalse($page->is_connected());
        self::assertFalse($page->get('b', 'g'));
        self::assertTrue($page->close());
        sleep(1);
    }

    #[TestDox('a list that is no list is none')]
    public function testSpoiltList(): void
    {
        $this->somebody()->set('a', 1, 'g', 0);
        foreach (['no list', serialize(new stdClass()), serialize([]), serialize(['shop:g:a' => 'often'])] as $spoilt) {
            $this->pageThatAsks(['b']);
            $this->redis->set($this->redis->keys('shop:shop-fetched-ahead:*')[0], $spoilt);
            $page = $this->page();
            self::assertSame(1, $page->get('a', 'g'));
            self::assertTrue($page->close());
        }
    }

    #[TestDox('only for pages that are looked at: not for what is sent, nor for programs')]
    public function testPages(): void
    {
        $for = static fn (string $method, string $sapi): ?Shop_Fetched_Ahead => Shop_Fetched_Ahead::for_page('shop', ['REQUEST_METHOD' => $method, 'REQUEST_URI' => '/cart/'], $sapi);

        self::assertNotNull($for('GET', 'fpm-fcgi'));
        self::assertNotNull($for('HEAD', 'fpm-fcgi'));
        self::assertNull($for('POST', 'fpm-fcgi'));
        self::assertNull($for('GET', 'cli'));
        self::assertNull(Shop_Fetched_Ahead::for_page('shop', [], 'fpm-fcgi'));
    }

    #[TestDox('products are of one kind; cart, shop, lists of the administration, calls of scripts each of their own')]
    public function testKinds(): void
    {
        $kind = static fn (string $uri, array $query = [], array $cookies = []): string => Shop_Fetched_Ahead::kind($uri, $query, $cookies);

        self::assertSame($kind('/product/rose/?x=1'), $kind('/product/tulip/', ['x' => '1']));
        self::assertSame($kind('/wp-json/wc/store/v1/products/12'), $kind('/wp-json/wc/store/v1/products/7'));
        $different = [$kind('/'), $kind(''), $kind('/cart/'), $kind('/shop/'), $kind('/product/rose/'), $kind('/?wc-ajax=get_refreshed_fragments', ['wc-ajax' => 'get_refreshed_fragments']),
            $kind('/wp-admin/edit.php', ['post_type' => 'product']), $kind('/wp-admin/edit.php', ['post_type' => 'page']), $kind('/wp-admin/admin.php', ['page' => 'wc-orders']),
            $kind('/wp-json/wc/store/v1/cart'), $kind('/wp-json/wc/store/v1/checkout'), $kind('/', [], ['wordpress_logged_in_ab']), $kind('/', [], ['woocommerce_items_in_cart'])];
        self::assertSame(['/0', ...array_slice($different, 2)], array_values(array_unique($different)));
        self::assertSame($kind('/'), $kind('/', ['page' => ['an', 'array']]));
    }
}
