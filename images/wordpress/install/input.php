<?php
declare(strict_types=1);

const SHOP_MARK = 'shophosting_install';

// A mistake goes to the log as one line, not as a page.
define('WP_DISABLE_FATAL_ERROR_HANDLER', true);

/** Ends with exit code 1 and the reason on stderr; the last line of the log is what people see. */
function fail(string $why): never
{
    fwrite(STDERR, "shop-install: $why\n");
    exit(1);
}

/**
 * @return array{url: string, title: string, adminUsername: string, adminEmail: string, adminPassword: string,
 *               platform: string, country: string, currency: string}
 */
function read_input(string $json): array
{
    $input = json_decode($json, true);
    if (!is_array($input)) {
        fail('standard input is no JSON object');
    }
    foreach (['url', 'title', 'adminUsername', 'adminEmail', 'adminPassword', 'platform'] as $name) {
        if (!is_string($input[$name] ?? null) || trim($input[$name]) === '') {
            fail("the input lacks \"$name\"");
        }
    }
    $input += ['country' => 'US:CA', 'currency' => 'USD'];
    if (!preg_match('#^https://[^/\s?\#]+/?$#', $input['url'])) {
        fail('"url" must be https://host[:port]/');
    }
    $input['url'] = rtrim($input['url'], '/');
    if (!in_array($input['platform'], ['woocommerce', 'wordpress'], true)) {
        fail('"platform" must be woocommerce or wordpress');
    }
    if ($input['platform'] !== (getenv('SHOP_PLATFORM') ?: $input['platform'])) {
        fail('this container is for another platform');
    }
    if (!preg_match('/^[A-Z]{2}(:[A-Z0-9]{1,3})?$/', $input['country']) || !preg_match('/^[A-Z]{3}$/', $input['currency'])) {
        fail('"country" is like DE or US:CA, "currency" like EUR');
    }
    // Pages and redirects of WordPress need to know where they are before anything is in the database.
    $_SERVER['HTTP_HOST'] = substr($input['url'], strlen('https://'));
    $_SERVER['HTTPS'] = 'on';
    $_SERVER['REQUEST_URI'] = '/';
    $_SERVER['SERVER_NAME'] = explode(':', $_SERVER['HTTP_HOST'])[0];
    $_SERVER['SERVER_PORT'] = '443';
    $_SERVER['REQUEST_METHOD'] = 'GET';
    $_SERVER['REMOTE_ADDR'] = '127.0.0.1';
    return $input;
}
