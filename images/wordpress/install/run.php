<?php
declare(strict_types=1);

/*
 * Installs and configures the shop. Called by /usr/local/bin/shop-install, which holds the lock and the time limit.
 *
 * In: one JSON object on standard input (input.php says which). Nothing of it ever becomes an argument.
 * Out: one JSON object on the last line. Exit 0 = installed, configured and looked at.
 *
 * Safe to repeat and to kill at any moment. A mark in the options table tells three cases apart:
 *   no table or mark "started"  a first or an interrupted try: every step is done again, also the password
 *   mark "finished", or none    somebody's shop: only its address is put right, never title, password or settings
 *
 * WordPress must be loaded twice, before it is installed and after, and PHP can load it only once: the first half
 * runs in a child. What the child compiled stays in shared memory for the second half.
 */
const SHOP_PROGRAM = 'shop-install';
require __DIR__ . '/../program.php';
require __DIR__ . '/../address.php';
require __DIR__ . '/../settings.php';
require __DIR__ . '/input.php';
require __DIR__ . '/core.php';
require __DIR__ . '/settings.php';

$input = read_input((string) stream_get_contents(STDIN));
stand_at($input['url']);

$child = pcntl_fork();
if ($child === 0) {
    answer_with(static fn () => install_core($input));
    exit(0);
}
pcntl_waitpid($child, $status);
if (!pcntl_wifexited($status) || pcntl_wexitstatus($status) !== 0) {
    fail('WordPress could not be installed; the lines above say why');
}
answer_with(static fn (): array => finish($input));
