<?php
declare(strict_types=1);

use PHPUnit\Framework\Attributes\TestDox;
use PHPUnit\Framework\TestCase;

// The few words of WordPress that the drop-in uses, so that it can be tried alone.
defined('ABSPATH') || define('ABSPATH', '/var/www/html/');
defined('WP_REDIS_HOST') || define('WP_REDIS_HOST', '127.0.0.1');
defined('WP_REDIS_PORT') || define('WP_REDIS_PORT', 6379);
if (!function_exists('wp_suspend_cache_addition')) {
    function wp_suspend_cache_addition(): bool
    {
        return false;
    }
    function _doing_it_wrong(): void
    {
    }
}
require_once '/var/www/html/wp-content/object-cache.php';

final class ObjectCacheTest extends TestCase
{
    protected function setUp(): void
    {
        @unlink(WP_Object_Cache::STALE_MARK);
        empty_store();
    }

    /** Two pages at the same time. */
    private function pages(): array
    {
        return [new WP_Object_Cache(), new WP_Object_Cache()];
    }

    #[TestDox('what one page keeps, the next one finds, whatever its type')]
    public function testRoundTrip(): void
    {
        [$one, $two] = $this->pages();
        $object = new stdClass();
        $object->name = 'mug';
        foreach (['text' => 'x', 'digits' => '007', 'int' => -5, 'zero' => 0, 'float' => 1.5, 'null' => null, 'false' => false, 'true' => true, 'list' => [1, 'a' => [2]], 'object' => $object, 'empty' => ''] as $key => $value) {
            $one->set($key, $value, 'types', 0);

            self::assertEquals($value, $two->get($key, 'types', false, $found), $key);
            self::assertSame(get_debug_type($value), get_debug_type($two->get($key, 'types')), $key);
            self::assertTrue($found, $key);
        }
    }

    #[TestDox('absent is not false')]
    public function testAbsent(): void
    {
        [$one] = $this->pages();

        self::assertFalse($one->get('nothing', 'g', false, $found));
        self::assertFalse($found);
    }

    #[TestDox('add keeps the first, replace needs one, delete tells whether there was one')]
    public function testAddReplaceDelete(): void
    {
        [$one, $two] = $this->pages();

        self::assertTrue($one->add('k', 'first', 'g', 0));
        self::assertFalse($two->add('k', 'second', 'g', 0));
        self::assertSame('first', $two->get('k', 'g'));
        self::assertFalse($one->replace('other', 'x', 'g', 0));
        self::assertTrue($one->replace('k', 'third', 'g', 0));
        self::assertSame('third', $two->get('k', 'g', true));
        self::assertTrue($two->delete('k', 'g'));
        self::assertFalse($two->delete('k', 'g'));
        self::assertFalse($one->get('k', 'g', true, $found));
    }

    #[TestDox('several at once: asked in one go, answered in the order asked')]
    public function testMultiple(): void
    {
        [$one, $two] = $this->pages();
        $one->set_multiple(['a' => 1, 'b' => 'two', 3 => [3]], 'g', 0);

        self::assertSame(['b' => 'two', 'missing' => false, 'a' => 1, 3 => [3]], $two->get_multiple(['b', 'missing', 'a', 3], 'g'));
        self::assertSame(['a' => true, 'missing' => false], $two->delete_multiple(['a', 'missing'], 'g'));
        self::assertSame(['b' => false, 'new' => true], $one->add_multiple(['b' => 'x', 'new' => 'y'], 'g', 0));
    }

    #[TestDox('counting is atomic, stays at zero or above, and needs a number that is there')]
    public function testCounting(): void
    {
        [$one, $two] = $this->pages();
        $one->set('n', 3, 'g', 0);

        self::assertSame(5, $one->incr('n', 2, 'g'));
        self::assertSame(6, $two->incr('n', 1, 'g'));
        self::assertSame(0, $one->incr('n', -10, 'g'));
        self::assertSame(0, $two->get('n', 'g', true));
        self::assertFalse($one->incr('absent', 1, 'g'));
        $one->set('word', 'seven', 'g', 0);
        self::assertSame(1, $one->incr('word', 1, 'g'));
    }

    #[TestDox('counting keeps the time to live')]
    public function testCountingKeepsExpiry(): void
    {
        [$one] = $this->pages();
        $one->set('n', 1, 'g', 100);
        $one->incr('n', 1, 'g');
        $redis = new Redis();
        $redis->connect('127.0.0.1');

        self::assertGreaterThan(90, $redis->ttl('shop:g:n'));
    }

    #[TestDox('a group is emptied alone; its name may hold anything')]
    public function testFlushGroup(): void
    {
        [$one, $two] = $this->pages();
        foreach (['a', 'a*', 'ab', 'a?[x]'] as $group) {
            $one->set('k', 'v', $group, 0);
        }
        $two->flush_group('a*');

        self::assertSame([true, false, true, true], array_map(static function (string $group): bool {
            (new WP_Object_Cache())->get('k', $group, true, $found);
            return $found;
        }, ['a', 'a*', 'ab', 'a?[x]']));
        $two->flush();
        self::assertFalse((new WP_Object_Cache())->get('k', 'a'));
    }

    #[TestDox('groups of the page stay on the page')]
    public function testPageOnly(): void
    {
        [$one, $two] = $this->pages();
        $one->add_non_persistent_groups(['counts']);
        $one->set('k', 'v', 'counts', 0);

        self::assertSame('v', $one->get('k', 'counts'));
        self::assertFalse($two->get('k', 'counts'));
    }

    #[TestDox('nobody changes the cache by changing his copy')]
    public function testCopies(): void
    {
        [$one] = $this->pages();
        $mine = new stdClass();
        $mine->price = 1;
        $one->set('o', $mine, 'g', 0);
        $mine->price = 2;
        $one->get('o', 'g')->price = 3;

        self::assertSame(1, $one->get('o', 'g')->price);
    }

    #[TestDox('without Redis the page goes on with a cache of its own')]
    public function testRedisGoes(): void
    {
        [$cache] = $this->pages();
        $cache->set('k', 'old', 'g', 0);
        $redis = new Redis();
        $redis->connect('127.0.0.1');
        // As a stopped container: connections stay open and nobody answers.
        $redis->rawCommand('CLIENT', 'PAUSE', '3000', 'ALL');

        self::assertTrue($cache->set('k', 'v', 'g', 0));
        self::assertSame('v', $cache->get('k', 'g'));
        self::assertTrue($cache->add('n', 1, 'g', 0));
        self::assertSame(3, $cache->incr('n', 2, 'g'));
        self::assertTrue($cache->delete('k', 'g'));
        self::assertFalse($cache->delete('k', 'g'));
        self::assertTrue($cache->flush());
        self::assertFileExists(WP_Object_Cache::STALE_MARK);
        self::assertFalse($cache->is_connected());
        sleep(3);
    }

    #[TestDox('a Redis that was out of reach is emptied before it is used again')]
    public function testNothingOldComesBack(): void
    {
        [$one] = $this->pages();
        $one->set('price', 10, 'g', 0);
        touch(WP_Object_Cache::STALE_MARK, time() - 60);

        self::assertFalse((new WP_Object_Cache())->get('price', 'g'));
        self::assertFileDoesNotExist(WP_Object_Cache::STALE_MARK);
    }

    #[TestDox('after a failure nobody waits for Redis for two seconds')]
    public function testBreather(): void
    {
        touch(WP_Object_Cache::STALE_MARK);

        self::assertFalse((new WP_Object_Cache())->is_connected());
        unlink(WP_Object_Cache::STALE_MARK);
        self::assertTrue((new WP_Object_Cache())->is_connected());
    }
}
