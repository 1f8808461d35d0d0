<?php
declare(strict_types=1);

/*
 * Gives the running nginx and php-fpm the limits that stand in the platform's file. Neither ends: requests under way come
 * to their end (those that take minutes are not waited for), those that come meanwhile wait. Requires render.php. License: GPL-2.0-or-later.
 */
const SHOP_CONFIGURATIONS = ['/run/shop/nginx.conf', '/run/shop/php-fpm.conf', PHP_LIMITS_HELD];
const PHP_FPM_PID = '/run/shop/php-fpm.pid';
/** A request that has begun that long ago is waited for, before others have to wait for it: a reload gives it no more than process_control_timeout. */
const LONG_REQUEST_SECONDS = 1;
const LONG_REQUEST_WAIT_SECONDS = 30;
const RELOAD_WAIT_SECONDS = 40;

/**
 * Resolves to what holds now, read back from the PHP that runs. Throws RuntimeException when it could not be had; then
 * everything is as it was before. Killed anywhere in between, the next call makes it right.
 */
function apply_php_limits(string $fpm): array
{
    $before = array_map(static fn (string $file): string => (string) file_get_contents($file), SHOP_CONFIGURATIONS);
    try {
        render_configuration();
        assert_configurations($fpm);
        return reload_until_it_holds(LONG_REQUEST_WAIT_SECONDS);
    } catch (RuntimeException $error) {
        foreach (SHOP_CONFIGURATIONS as $index => $file) {
            put_whole($file, $before[$index]);
        }
        try {
            reload_until_it_holds(0);
        } catch (RuntimeException) {
            // What is told is what went wrong first.
        }
        throw $error;
    }
}

function assert_configurations(string $fpm): void
{
    foreach ([[$fpm, '--test', '--fpm-config', '/run/shop/php-fpm.conf'], ['nginx', '-t', '-q', '-c', '/run/shop/nginx.conf']] as $command) {
        run_quietly($command);
    }
}

/** @param list<string> $command */
function run_quietly(array $command): void
{
    $process = proc_open($command, [['file', '/dev/null', 'r'], ['pipe', 'w'], ['redirect', 1]], $pipes);
    is_resource($process) || throw new RuntimeException("$command[0] could not be started");
    $said = trim((string) stream_get_contents($pipes[1]));
    proc_close($process) === 0 || throw new RuntimeException("$command[0] refused its configuration: " . substr($said, -500));
}

/** Long requests are waited for so many seconds, and no longer. */
function reload_until_it_holds(int $patience): array
{
    $held = json_decode((string) file_get_contents(PHP_LIMITS_HELD), true);
    if (!is_running_with($held)) {
        within_seconds($patience, static fn (): bool => (running_php()['longest'] ?? LONG_REQUEST_SECONDS) < LONG_REQUEST_SECONDS);
        run_quietly(['nginx', '-c', '/run/shop/nginx.conf', '-s', 'reload']);
        // The same process goes on with another configuration: whoever waits for its end, does so still.
        $fpm = (int) @file_get_contents(PHP_FPM_PID);
        $fpm > 1 && posix_kill($fpm, SIGUSR2) || throw new RuntimeException('php-fpm is not there');
        within_seconds(RELOAD_WAIT_SECONDS, static fn (): bool => is_running_with($held)) || throw new RuntimeException('PHP does not answer with its new limits');
    }
    return held_php_limits() ?? throw new RuntimeException('this shop cannot be told any limits');
}

/** Does the PHP that answers go by exactly these? */
function is_running_with(array $held): bool
{
    $said = running_php();
    return $said !== null && $said['generation'] === $held['generation'] && $said['values'] === ini_values($held);
}

/** What the PHP that runs says of itself; null while it does not answer. */
function running_php(): ?array
{
    $within = stream_context_create(['http' => ['timeout' => 5]]);
    $said = json_decode((string) @file_get_contents('http://127.0.0.1:8081/php-limits-page.php', false, $within), true);
    return is_array($said) ? $said : null;
}

/** Asked again and again. Has it become so in that time? */
function within_seconds(int $seconds, Closure $is_so): bool
{
    for ($deadline = hrtime(true) + $seconds * 1_000_000_000; !$is_so(); usleep(50_000)) {
        if (hrtime(true) >= $deadline) {
            return false;
        }
    }
    return true;
}
