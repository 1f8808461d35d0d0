<?php
declare(strict_types=1);

/*
 * Runs once at every start of the container, before nginx and php-fpm: checks what was mounted, sizes php-fpm by
 * the container's memory limit, renders the two configurations and the shop's env.php, and waits for the database. Any
 * complaint is one line on stderr and exit code 1; the engine's restart policy tries again.
 */
require __DIR__ . '/database.php';
require __DIR__ . '/render.php';

const WRITABLE = ['/run/shop', '/tmp', '/var/tmp', SHOP_ETC, '/var/www/magento/var', '/var/www/magento/pub/media', '/var/spool/shop-mail'];
const DATABASE_WAIT_SECONDS = 120;

function complain(string $message): never
{
    fwrite(STDERR, "shop: $message\n");
    exit(1);
}

function check_mounts(): void
{
    foreach (WRITABLE as $folder) {
        if (!is_writable($folder)) {
            complain("$folder is not writable by user " . posix_getuid() . ' (mount it from the store\'s data, owned by that user)');
        }
    }
    foreach (['db-password', 'application-key', ...(host_of('QUEUE_HOST') === null ? [] : ['queue-password'])] as $name) {
        secret($name);
    }
    foreach (['DB_HOST', 'DB_NAME', 'DB_USER'] as $name) {
        if ((string) getenv($name) === '') {
            complain("the environment variable $name is missing");
        }
    }
    // A port or a socket there breaks Magento's parallel work without an error.
    if (!preg_match('/^[a-z0-9][a-z0-9.-]*$/i', (string) getenv('DB_HOST'))) {
        complain('DB_HOST must be a host without a port');
    }
}

function wait_for_database(): void
{
    $deadline = hrtime(true) + DATABASE_WAIT_SECONDS * 1_000_000_000;
    for ($pauseMs = 20; ; $pauseMs = min(250, $pauseMs * 2)) {
        try {
            shop_connect(2)->close();
            return;
        } catch (Throwable $error) {
            if (hrtime(true) > $deadline) {
                complain('no database after ' . DATABASE_WAIT_SECONDS . ' s: ' . $error->getMessage());
            }
            usleep($pauseMs * 1000);
        }
    }
}

function render_and_tell(): void
{
    ['phpWorkers' => $workers] = render_configuration();
    $limit = memory_limit_bytes();
    fprintf(STDERR, "shop: %s of memory, %d php workers at most\n", $limit === null ? 'no limit' : intdiv($limit, 1048576) . ' MiB', $workers);
}

umask(0027);
try {
    if (in_array('--only-render', $argv, true)) {
        // While the image is built: both configurations are tried then.
        render_and_tell();
        exit;
    }
    check_mounts();
    render_and_tell();
    // Passwords may have changed, and an image may want more of it than the one before.
    $facts = shop_facts();
    $facts === null || write_environment($facts);
    wait_for_database();
} catch (RuntimeException $error) {
    complain($error->getMessage());
}
