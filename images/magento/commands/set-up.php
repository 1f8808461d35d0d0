<?php
declare(strict_types=1);

/* Magento's own installer and updater, in a folder of configuration that is thrown away. Licence: GPL-2.0-or-later. */

/** They want to write config.php and env.php, of which the one is the image's and the other is made by us. */
const SCRATCH = '/tmp/shop-etc';

/** Tables and first rows of a shop that is nobody's, in an empty database. Throws with what Magento said. */
function set_up_database(string $adminPath): void
{
    $engine = search_engine(10);
    // What an interrupted try left in the cache would be believed.
    foreach ([0, 1] as $database) {
        $redis = new Redis();
        $redis->connect(host_of('CACHE_HOST') ?? 'cache', 6379, 2);
        $redis->select($database);
        $redis->flushDb();
    }
    $search = $engine === 'opensearch' ? 'opensearch' : 'elasticsearch';
    $host = host_of('SEARCH_HOST') ?? 'search';
    fill_scratch(environment_config($adminPath, null));
    run_console('setup:install', [
        '--db-host' => getenv('DB_HOST'), '--db-name' => getenv('DB_NAME'), '--db-user' => getenv('DB_USER'), '--db-password' => secret('db-password'),
        '--key' => secret('application-key'), '--backend-frontname' => $adminPath,
        '--search-engine' => $engine, "--$search-host" => $host, "--$search-port" => '9200', "--$search-index-prefix" => 'magento2',
        "--$search-timeout" => '10', "--$search-enable-auth" => '0',
        '--base-url' => NOBODY['url'], '--base-url-secure' => NOBODY['url'], '--use-secure' => '1', '--use-secure-admin' => '1',
        '--use-rewrites' => '1', '--language' => NOBODY['locale'], '--currency' => NOBODY['currency'], '--timezone' => NOBODY['timezone'],
        '--admin-use-security-key' => '1',
    ], ['etc' => SCRATCH]);
}

/** A shop whose database is older than this image gets its tables and data renewed. */
function bring_up_to_date(): void
{
    try {
        run_console('setup:db:status');
    } catch (RuntimeException) {
        fill_scratch(require SHOP_ENV);
        run_console('setup:upgrade', ['--keep-generated' => true], ['etc' => SCRATCH]);
    }
}

function fill_scratch(array $environment): void
{
    is_dir(SCRATCH) || mkdir(SCRATCH, 0700);
    array_map('unlink', glob(SCRATCH . '/*') ?: []);
    foreach (glob(MAGENTO . '/app/etc/*') ?: [] as $file) {
        basename($file) === 'env.php' || copy($file, SCRATCH . '/' . basename($file));
    }
    write_whole(SCRATCH . '/env.php', '<?php return ' . var_export($environment, true) . ';');
}
