<?php
declare(strict_types=1);

/*
 * What a shop is, beside its database: a few facts in one file of its own, and env.php made of them, of the container's
 * environment and of the mounted secrets. Licence: GPL-2.0-or-later.
 */
const SHOP_ETC = '/var/www/etc';
const SHOP_FACTS = SHOP_ETC . '/shop.json';
const SHOP_ENV = SHOP_ETC . '/env.php';
const SHOP_SECRETS = '/run/secrets/shop';

/**
 * What the last installation wrote; null before there is a shop.
 *
 * @return array{adminPath: string, installedAt: string}|null
 */
function shop_facts(): ?array
{
    $facts = json_decode((string) @file_get_contents(SHOP_FACTS), true);
    return is_array($facts) && isset($facts['adminPath'], $facts['installedAt']) ? $facts : null;
}

/** Whole or not at all, also when the power goes, and when another one writes it too; the shop's own to read, whatever the umask. Throws when the disk is full. */
function write_whole(string $file, string $text): void
{
    $beside = "$file." . getmypid() . '.tmp';
    $handle = @fopen($beside, 'w');
    if ($handle === false || fwrite($handle, $text) !== strlen($text) || !fflush($handle) || !fsync($handle) || !fclose($handle) || !chmod($beside, 0640) || !rename($beside, $file)) {
        throw new RuntimeException("$file cannot be written");
    }
}

function secret(string $name): string
{
    $text = @file_get_contents(SHOP_SECRETS . "/$name");
    if ($text === false || trim($text) === '') {
        throw new RuntimeException('the secret ' . SHOP_SECRETS . "/$name cannot be read by user " . posix_getuid());
    }
    return rtrim($text, "\r\n");
}

/** A host of the store's own network, or null where this store has none of the kind. */
function host_of(string $variable): ?string
{
    $host = (string) getenv($variable);
    return $host === '' ? null : $host;
}

/**
 * Magento's env.php as an array. `$kept` is what the shop's file says now: caches that the owner switched off stay off,
 * and sections that are not ours stay as they are.
 */
function environment_config(string $adminPath, ?string $installedAt, array $kept = []): array
{
    $redis = static fn (int $database, string $prefix): array => [
        'backend' => 'Magento\\Framework\\Cache\\Backend\\Redis',
        'backend_options' => [
            'server' => host_of('CACHE_HOST') ?? 'cache', 'port' => '6379', 'database' => (string) $database, 'password' => '',
            'compress_data' => '1', 'compression_lib' => '', 'connect_retries' => '1', 'read_timeout' => '5', 'timeout' => '2',
        ],
        'id_prefix' => $prefix,
    ];
    $config = [
        'backend' => ['frontName' => $adminPath],
        'remote_storage' => ['driver' => 'file'],
        'crypt' => ['key' => secret('application-key')],
        'db' => [
            'table_prefix' => '',
            'connection' => ['default' => [
                'host' => (string) getenv('DB_HOST'), 'dbname' => (string) getenv('DB_NAME'), 'username' => (string) getenv('DB_USER'),
                'password' => secret('db-password'), 'model' => 'mysql4', 'engine' => 'innodb', 'initStatements' => 'SET NAMES utf8;', 'active' => '1',
                'driver_options' => [1014 => false],
            ]],
        ],
        'resource' => ['default_setup' => ['connection' => 'default']],
        'x-frame-options' => 'SAMEORIGIN',
        'MAGE_MODE' => 'production',
        'session' => ['save' => 'redis', 'redis' => [
            'host' => host_of('SESSIONS_HOST') ?? 'sessions', 'port' => '6379', 'password' => '', 'timeout' => '2.5', 'persistent_identifier' => '',
            'database' => '0', 'compression_threshold' => '2048', 'compression_library' => 'gzip', 'log_level' => '1', 'max_concurrency' => '20',
            'break_after_frontend' => '5', 'break_after_adminhtml' => '30', 'first_lifetime' => '600', 'bot_first_lifetime' => '60',
            'bot_lifetime' => '7200', 'disable_locking' => '0', 'min_lifetime' => '60', 'max_lifetime' => '2592000', 'sentinel_master' => '',
            'sentinel_servers' => '', 'sentinel_connect_retries' => '5', 'sentinel_verify_master' => '0',
        ]],
        'cache' => [
            'frontend' => ['default' => $redis(0, 'shop_'), 'page_cache' => $redis(1, 'page_')],
            'allow_parallel_generation' => false,
        ],
        'lock' => ['provider' => 'db'],
        'directories' => ['document_root_is_pub' => true],
        // shop-cron starts the consumers, one after the other, when there is something for them; they take it and end.
        'queue' => ['consumers_wait_for_messages' => 0, 'only_spawn_when_message_available' => 1] + queue_config(),
        'cron_consumers_runner' => ['cron_run' => false],
        'cache_types' => is_array($kept['cache_types'] ?? null) ? $kept['cache_types'] : [],
    ];
    if (host_of('VARNISH_HOST') !== null) {
        $config['http_cache_hosts'] = [['host' => host_of('VARNISH_HOST'), 'port' => '8080']];
    }
    if ($installedAt !== null) {
        $config['install'] = ['date' => $installedAt];
    }
    return $config + array_diff_key($kept, ['install' => 1, 'http_cache_hosts' => 1]);
}

/** RabbitMQ where the store has one; without it queues live in the database. */
function queue_config(): array
{
    $host = host_of('QUEUE_HOST');
    return $host === null ? [] : ['amqp' => [
        'host' => $host, 'port' => '5672', 'user' => 'shop', 'password' => secret('queue-password'), 'virtualhost' => '/',
    ]];
}

/**
 * Renders env.php of an installed shop. A file that is broken, by a full disk for instance, is made anew; one that says
 * all of it is left as it is: of a shop that waits for its owner, whose files are looked at, it may not seem changed.
 */
function write_environment(array $facts): void
{
    try {
        $kept = is_file(SHOP_ENV) ? require SHOP_ENV : [];
    } catch (Throwable) {
        $kept = [];
    }
    $config = environment_config($facts['adminPath'], $facts['installedAt'], is_array($kept) ? $kept : []);
    $text = "<?php\nreturn " . var_export($config, true) . ";\n";
    @file_get_contents(SHOP_ENV) === $text || write_whole(SHOP_ENV, $text);
}
