<?php
declare(strict_types=1);

/*
 * In: {"from", "to"}, each "https://host[:port]/". Out: {"url"}. From now on the shop is at "to": what it builds, and
 * also every address of its own in pages, products, menus and settings. Addresses of others stay as they are.
 */
const SHOP_PROGRAM = 'shop-change-url';
require __DIR__ . '/../program.php';
require __DIR__ . '/../address.php';

$input = read_object((string) stream_get_contents(STDIN), ['from', 'to']);
[$from, $to] = [checked_url($input['from']), checked_url($input['to'])];
stand_at($to);
answer_with(static function () use ($from, $to): array {
    replace_host(host_in($from), host_in($to));
    load_bare_wordpress();
    put_address_right($to);
    wp_cache_flush();
    return ['url' => "$to/"];
});

/** The host with its port, as it stands in addresses. */
function host_in(string $url): string
{
    $host = substr($url, strlen('https://'));
    preg_match('/^[a-z0-9.-]+(:\d{1,5})?$/D', $host) || fail('an address has no host that can be replaced');
    return $host;
}

/**
 * wp-cli knows what is serialised, and counts its lengths anew. Behind two slashes, also as JSON and forms write them,
 * and only where the host ends there: "shop.example" is not part of "shop.example.org".
 */
function replace_host(string $from, string $to): void
{
    $pattern = '((?:\\\\?/){2}|%2F%2F)' . preg_quote($from) . '(?![a-z0-9:-]|\.[a-z0-9])';
    $command = ['php', '/usr/local/lib/wp-cli.phar', 'search-replace', $pattern, '${1}' . $to, '--path=/var/www/html',
        '--all-tables-with-prefix', '--skip-columns=guid', '--regex', '--regex-flags=i', '--skip-plugins', '--skip-themes', '--quiet'];
    $process = proc_open($command, [['file', '/dev/null', 'r'], ['pipe', 'w'], ['redirect', 1]], $pipes);
    is_resource($process) || fail('wp-cli could not be started');
    $said = trim((string) stream_get_contents($pipes[1]));
    $code = proc_close($process);
    $code === 0 || fail('wp-cli ended with ' . $code . ': ' . substr($said, -500));
}
