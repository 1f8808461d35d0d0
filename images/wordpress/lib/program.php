<?php
declare(strict_types=1);

/*
 * What the shop's own programs share: one JSON object comes in by standard input, one goes out as the last line, and
 * a reason goes to stderr as one line, with exit code 1. Nothing of the input ever becomes an argument.
 * Whoever requires this defines SHOP_PROGRAM, the name people know the program by.
 */

const SHOP_MARK = 'shophosting_install';
const SHOP_STARTED = 'started';
const SHOP_UNOWNED = 'unowned';
const SHOP_FINISHED = 'finished';

require_once __DIR__ . '/database.php';

// A mistake goes to the log as one line, not as a page.
define('WP_DISABLE_FATAL_ERROR_HANDLER', true);

/** One line for people: of a program on stderr, of a page in the container's log. */
function tell(string $line): void
{
    defined('STDERR') ? fwrite(STDERR, "$line\n") : error_log($line);
}

/** Ends with exit code 1 and the reason on stderr; the last line of the log is what people see. */
function fail(string $why): never
{
    tell(SHOP_PROGRAM . ": $why");
    exit(1);
}

/** The object on standard input. Fails when it is none, or when one of these texts is missing or empty. */
function read_object(string $json, array $texts): array
{
    $input = json_decode($json, true);
    if (!is_array($input)) {
        fail('standard input is no JSON object');
    }
    foreach ($texts as $name) {
        if (!is_string($input[$name] ?? null) || trim($input[$name]) === '') {
            fail("the input lacks \"$name\"");
        }
    }
    return $input;
}

/** The address without its slash, as WordPress keeps it. */
function checked_url(string $url): string
{
    if (!preg_match('#^https://[^/\s?\#]+/?$#D', $url)) {
        fail('"url" must be https://host[:port]/');
    }
    return rtrim($url, '/');
}

/** Pages and redirects of WordPress need to know where they are before anything is read from the database. */
function stand_at(string $url): void
{
    $_SERVER['HTTP_HOST'] = substr($url, strlen('https://'));
    $_SERVER['HTTPS'] = 'on';
    $_SERVER['REQUEST_URI'] = '/';
    $_SERVER['SERVER_NAME'] = explode(':', $_SERVER['HTTP_HOST'])[0];
    $_SERVER['SERVER_PORT'] = '443';
    $_SERVER['REQUEST_METHOD'] = 'GET';
    $_SERVER['REMOTE_ADDR'] = '127.0.0.1';
}

/**
 * Prints what `work` returns, if it returns anything. WordPress likes to print a page and to leave with exit code 0 when something is wrong:
 * nothing but our answer gets out, and only who comes to the end has succeeded.
 */
function answer_with(Closure $work): void
{
    ob_start();
    $finished = false;
    register_shutdown_function(static function () use (&$finished): void {
        while (ob_get_level() > 0) {
            ob_end_clean();
        }
        if (!$finished) {
            // What a page ends with, and what a program does.
            http_response_code(500);
            exit(1);
        }
    });
    $answer = $work();
    $finished = true;
    ob_end_clean();
    if ($answer === null) {
        return;
    }
    echo json_encode($answer, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR), "\n";
    // A page's PHP keeps its output back, too.
    while (ob_get_level() > 0) {
        ob_end_flush();
    }
}

/** How far the shop's making came, as its database has it; asked before WordPress is loaded. Null: not begun, or somebody else's. */
function mark_on_disk(): ?string
{
    try {
        $database = shop_connect(10);
    } catch (Throwable $error) {
        fail('the database does not answer: ' . $error->getMessage());
    }
    if ($database->query("SHOW TABLES LIKE 'shop\\_options'")->num_rows === 0) {
        return null;
    }
    return $database->query("SELECT option_value FROM shop_options WHERE option_name = '" . SHOP_MARK . "'")->fetch_row()[0] ?? null;
}

/** The same in a loaded WordPress, past its cache. */
function shop_mark(): ?string
{
    global $wpdb;
    $wpdb->suppress_errors();
    $mark = $wpdb->get_var($wpdb->prepare("SELECT option_value FROM {$wpdb->options} WHERE option_name = %s", SHOP_MARK));
    $wpdb->suppress_errors(false);
    return $mark;
}

/**
 * WordPress of a shop that is installed, without its plugins and themes: a broken one of them must not keep its owner
 * or the platform out. The cache is emptied before, so that the database is believed, and must be after.
 */
function load_bare_wordpress(): void
{
    define('WP_INSTALLING', true);
    require '/var/www/html/wp-load.php';
    global $wpdb;
    wp_cache_flush();
    $wpdb->suppress_errors();
    $facts = $wpdb->get_results("SELECT option_name, option_value FROM {$wpdb->options} WHERE option_name IN ('siteurl', '" . SHOP_MARK . "')", OBJECT_K);
    $wpdb->suppress_errors(false);
    if (!isset($facts['siteurl']) || ($facts[SHOP_MARK]->option_value ?? '') === SHOP_STARTED) {
        fail('no shop is installed here yet');
    }
}
