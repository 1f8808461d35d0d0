<?php
declare(strict_types=1);

/*
 * Runs once at every start of the container, before nginx and php-fpm: checks what was mounted, sizes php-fpm by
 * the container's memory limit, renders the two configurations, gives an empty shop its theme, and waits for the
 * database. Any complaint is one line on stderr and exit code 1; the engine's restart policy tries again.
 */
require __DIR__ . '/database.php';
require __DIR__ . '/render.php';

const CONTENT = '/var/www/html/wp-content';
const WRITABLE = ['/run/shop', '/tmp', '/var/tmp', CONTENT . '/plugins', CONTENT . '/themes', CONTENT . '/uploads', CONTENT . '/languages',
    CONTENT . '/upgrade', CONTENT . '/upgrade-temp-backup', CONTENT . '/cache', '/var/spool/shop-mail'];
const SECRETS = ['/run/secrets/shop/db-password', '/run/secrets/shop/wp-salts.json'];
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
    foreach (SECRETS as $file) {
        if (!is_readable($file)) {
            complain("$file cannot be read by user " . posix_getuid());
        }
    }
    foreach (['DB_HOST', 'DB_NAME', 'DB_USER'] as $name) {
        if ((string) getenv($name) === '') {
            complain("the environment variable $name is missing");
        }
    }
}

/** The default theme of this WordPress, copied once into an empty shop: from then on themes are the owner's. */
function seed_theme(): void
{
    $themes = CONTENT . '/themes';
    if (glob("$themes/*", GLOB_ONLYDIR) !== []) {
        return;
    }
    foreach (glob('/usr/local/share/shop/themes/*', GLOB_ONLYDIR) as $source) {
        copy_tree($source, "$themes/.seeding");
        rename("$themes/.seeding", "$themes/" . basename($source));
    }
}

function copy_tree(string $source, string $target): void
{
    @mkdir($target, 0755);
    foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator($source, FilesystemIterator::SKIP_DOTS), RecursiveIteratorIterator::SELF_FIRST) as $path => $entry) {
        $to = $target . substr($path, strlen($source));
        $entry->isDir() ? @mkdir($to, 0755) : copy($path, $to);
    }
}

function wait_for_database(): void
{
    $deadline = hrtime(true) + DATABASE_WAIT_SECONDS * 1_000_000_000;
    for ($pauseMs = 20; ; $pauseMs = min(40, $pauseMs * 2)) {
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

function render_or_complain(): void
{
    try {
        ['phpWorkers' => $workers] = render_configuration();
    } catch (RuntimeException $error) {
        complain($error->getMessage());
    }
    $limit = memory_limit_bytes();
    fprintf(STDERR, "shop: %s of memory, %d php workers at most\n", $limit === null ? 'no limit' : intdiv($limit, 1048576) . ' MiB', $workers);
}

umask(0027);
if (in_array('--only-render', $argv, true)) {
    // While the image is built: both configurations are tried then.
    render_or_complain();
    exit;
}
check_mounts();
render_or_complain();
seed_theme();
wait_for_database();
