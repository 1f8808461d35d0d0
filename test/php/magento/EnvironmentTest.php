<?php
declare(strict_types=1);

use PHPUnit\Framework\Attributes\TestDox;
use PHPUnit\Framework\TestCase;

final class EnvironmentTest extends TestCase
{
    private const FACTS = ['adminPath' => 'admin_abc123', 'installedAt' => 'Wed, 25 Nov 2026 21:19:49 +0000'];

    protected function setUp(): void
    {
        putenv('QUEUE_HOST=');
        array_map('unlink', glob(SHOP_ETC . '/*') ?: []);
    }

    #[TestDox('env.php takes secrets from files, keeps sessions apart from the cache, and says when there is a shop')]
    public function testFresh(): void
    {
        write_environment(self::FACTS);
        $config = require SHOP_ENV;

        self::assertSame('0123456789abcdef', $config['crypt']['key']);
        self::assertSame('test-password', $config['db']['connection']['default']['password']);
        self::assertSame('admin_abc123', $config['backend']['frontName']);
        self::assertSame(self::FACTS['installedAt'], $config['install']['date']);
        self::assertSame('production', $config['MAGE_MODE']);
        self::assertNotSame($config['session']['redis']['host'], $config['cache']['frontend']['default']['backend_options']['server']);
        self::assertArrayNotHasKey('amqp', $config['queue']);
    }

    #[TestDox('a cache that the owner switched off stays off, what is his own stays, what is ours follows the surroundings')]
    public function testKept(): void
    {
        $old = ['cache_types' => ['full_page' => 0], 'owners_own' => ['a' => 1], 'db' => ['connection' => []], 'http_cache_hosts' => ['old']];
        write_whole(SHOP_ENV, '<?php return ' . var_export($old, true) . ';');
        putenv('QUEUE_HOST=queue');
        write_environment(self::FACTS);
        $config = require SHOP_ENV;

        self::assertSame(['full_page' => 0], $config['cache_types']);
        self::assertSame(['a' => 1], $config['owners_own']);
        self::assertSame('shop', $config['db']['connection']['default']['dbname']);
        self::assertArrayNotHasKey('http_cache_hosts', $config);
        self::assertSame('queue-test-password', $config['queue']['amqp']['password']);
    }

    #[TestDox('a file that a full disk cut off is made anew')]
    public function testBroken(): void
    {
        file_put_contents(SHOP_ENV, "<?php return ['db' => [");
        write_environment(self::FACTS);

        self::assertSame('admin_abc123', (require SHOP_ENV)['backend']['frontName']);
        self::assertSame([SHOP_ENV], glob(SHOP_ETC . '/*'));
    }

    #[TestDox('facts that are not whole are no shop')]
    public function testFacts(): void
    {
        self::assertNull(shop_facts());
        file_put_contents(SHOP_FACTS, '{"adminPath":"x"');
        self::assertNull(shop_facts());
        file_put_contents(SHOP_FACTS, json_encode(self::FACTS));
        self::assertSame(self::FACTS, shop_facts());
    }
}
