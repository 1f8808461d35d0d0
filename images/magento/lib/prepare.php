<?php
declare(strict_types=1);

/*
 * Runs once at every start of the container, before nginx and php-fpm: checks what was mounted, sizes php-fpm by
 * the container's memory limit, renders the two configurations and the shop's env.php, and waits for the database. Any
 * complaint is one line on stderr and exit code 1; the engine's restart policy tries again.
 */
require __DIR__ . '/database.php';
require __DIR__ . '/sizes.php';
require __DIR__ . '/facts.php';

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

function render(string $template, string $target, array $values): void
{
    write_whole($target, strtr((string) file_get_contents($template), $values));
}

/** Who stands in the door: the shop itself, or its page cache with the shop behind it. And the way to the search engine. */
function doors(): array
{
    $template = static fn (string $name): string => (string) file_get_contents("/usr/local/share/shop/nginx/$name");
    $search = strtr($template('door-to-search.conf'), ['{{SEARCH}}' => host_of('SEARCH_HOST') ?? '127.0.0.1']);
    if (host_of('VARNISH_HOST') === null) {
        return ['{{FRONT}}' => $search, '{{LISTEN}}' => 'listen 8080 default_server; listen 8082;'];
    }
    $self = gethostbyname((string) gethostname());
    return [
        '{{FRONT}}' => $search . strtr($template('front-of-varnish.conf'), ['{{SELF}}' => $self]),
        '{{LISTEN}}' => "listen 8082 default_server; set_real_ip_from varnish; set_real_ip_from $self; real_ip_header X-Real-IP;",
    ];
}

function render_configuration(): void
{
    $gateway = (string) getenv('FRONT_GATEWAY');
    if ($gateway !== '' && filter_var($gateway, FILTER_VALIDATE_IP) === false) {
        complain('FRONT_GATEWAY is not an address');
    }
    $limit = memory_limit_bytes();
    $children = max_children($limit);
    render('/usr/local/share/shop/nginx/nginx.conf', '/run/shop/nginx.conf', [
        ...doors(),
        '{{REAL_IP}}' => $gateway === '' ? '# No FRONT_GATEWAY: every visitor has the address of the last hop.' : "set_real_ip_from $gateway;",
    ]);
    render('/usr/local/share/shop/php-fpm.conf', '/run/shop/php-fpm.conf', ['{{MAX_CHILDREN}}' => (string) $children]);
    fprintf(STDERR, "shop: %s of memory, %d php workers at most\n", $limit === null ? 'no limit' : intdiv($limit, 1048576) . ' MiB', $children);
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

umask(0027);
try {
    if (in_array('--only-render', $argv, true)) {
        // While the image is built: both configurations are tried then.
        render_configuration();
        exit;
    }
    check_mounts();
    render_configuration();
    // Passwords may have changed, and an image may want more of it than the one before.
    $facts = shop_facts();
    $facts === null || write_environment($facts);
    wait_for_database();
} catch (RuntimeException $error) {
    complain($error->getMessage());
}
