<?php
declare(strict_types=1);

/*
 * What one request may take, as the owner chose it in the hosting: a file that the platform puts where the shop can only
 * read it. Without one, or for what it does not say, what the image comes with. License: GPL-2.0-or-later.
 */
const PHP_LIMITS_FOLDER = '/run/settings/shop';
const PHP_LIMITS_FILE = PHP_LIMITS_FOLDER . '/php-limits.json';
/** What the configurations in /run/shop were made with. */
const PHP_LIMITS_HELD = '/run/shop/php-limits.json';
/** What a form says besides the file that it uploads. */
const FORM_AROUND_UPLOAD_MB = 8;
/** The platform knows the plan; here is only what a shop can be started with. Anything else counts as not said. */
const PHP_LIMITS_RANGES = ['phpMemory' => [128, 2048], 'phpUpload' => [8, 1024], 'phpSeconds' => [30, 600], 'phpInputVars' => [1000, 50000]];

/** @return array<string, int> only what was chosen; megabytes and seconds */
function chosen_php_limits(string $file = PHP_LIMITS_FILE): array
{
    $said = json_decode((string) @file_get_contents($file), true);
    $chosen = [];
    foreach (PHP_LIMITS_RANGES as $name => [$least, $most]) {
        $value = is_array($said) ? $said[$name] ?? null : null;
        if (is_int($value) && $value >= $least && $value <= $most) {
            $chosen[$name] = $value;
        }
    }
    return $chosen;
}

/**
 * How many PHP workers there may be, where so many fit with the image's own memory per request. All of them together are
 * never promised more than with that: workers × memory stays what it is, or falls.
 */
function workers_within(int $workers, int $memoryMb, int $imagesMemoryMb): int
{
    return max(1, min($workers, intdiv($workers * $imagesMemoryMb, $memoryMb)));
}

/** What a request may bring in all, in megabytes: the largest upload and the form around it. */
function body_megabytes(array $limits): int
{
    return $limits['phpUpload'] + FORM_AROUND_UPLOAD_MB;
}

/** Lines for php-fpm's pool. The memory is a limit that no plugin lifts; for its time a page may ask, up to request_terminate_timeout. */
function pool_lines(array $limits): string
{
    return implode("\n", [
        "php_admin_value[memory_limit] = {$limits['phpMemory']}M",
        "php_admin_value[upload_max_filesize] = {$limits['phpUpload']}M",
        'php_admin_value[post_max_size] = ' . body_megabytes($limits) . 'M',
        "php_value[max_execution_time] = {$limits['phpSeconds']}",
        "php_admin_value[max_input_vars] = {$limits['phpInputVars']}",
    ]);
}

/** What a page finds, by the names that PHP has for it. @return array<string, string> */
function ini_values(array $limits): array
{
    return [
        'memory_limit' => "{$limits['phpMemory']}M",
        'upload_max_filesize' => "{$limits['phpUpload']}M",
        'post_max_size' => body_megabytes($limits) . 'M',
        'max_execution_time' => (string) $limits['phpSeconds'],
        'max_input_vars' => (string) $limits['phpInputVars'],
    ];
}

/** How the shop was started last: the four limits and `phpWorkers`. Null where the platform can tell it nothing of that kind. */
function held_php_limits(): ?array
{
    $held = json_decode((string) @file_get_contents(PHP_LIMITS_HELD), true);
    return is_dir(PHP_LIMITS_FOLDER) && is_array($held) ? array_diff_key($held, ['generation' => true]) : null;
}

/** Whole or not at all. Throws RuntimeException. */
function put_whole(string $file, string $text): void
{
    if (@file_put_contents("$file.tmp", $text) !== strlen($text) || !rename("$file.tmp", $file)) {
        throw new RuntimeException("$file cannot be written");
    }
}

/**
 * Fills the two templates of the image in, and notes with what. Of what the image alone knows are: its own limits, how many
 * workers fit with them, the longest that a request may take whatever is chosen, and the rest of nginx' configuration.
 *
 * @param array{limits: array<string, int>, workers: int, seconds: int, nginx: array<string, string>} $image
 */
function put_configurations(array $image): array
{
    $chosen = chosen_php_limits();
    $limits = $chosen + $image['limits'];
    $workers = workers_within($image['workers'], $limits['phpMemory'], $image['limits']['phpMemory']);
    $seconds = max($image['seconds'], $limits['phpSeconds']);
    $templates = '/usr/local/share/shop';
    $nginx = strtr((string) file_get_contents("$templates/nginx/nginx.conf"), [
        ...$image['nginx'],
        '{{BODY}}' => body_megabytes($limits) . 'm',
        // Longer than php-fpm lets a request live, so that its end is what is seen.
        '{{READ_TIMEOUT}}' => ($seconds + 10) . 's',
    ]);
    $fpm = strtr((string) file_get_contents("$templates/php-fpm.conf"), [
        '{{MAX_CHILDREN}}' => (string) $workers,
        '{{TERMINATE}}' => "{$seconds}s",
        '{{LIMITS}}' => $chosen === [] ? '; Nobody has chosen any limits.' : pool_lines($limits),
    ]);
    $generation = hash('sha256', $nginx . $fpm);
    put_whole('/run/shop/nginx.conf', $nginx);
    put_whole('/run/shop/php-fpm.conf', strtr($fpm, ['{{GENERATION}}' => $generation]));
    $held = [...$limits, 'phpWorkers' => $workers, 'generation' => $generation];
    put_whole(PHP_LIMITS_HELD, json_encode($held, JSON_THROW_ON_ERROR));
    return $held;
}
