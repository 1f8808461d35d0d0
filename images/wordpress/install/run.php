<?php
declare(strict_types=1);

/*
 * Installs and configures the shop. Called by /usr/local/bin/shop-install, which holds the lock and the time limit.
 *
 * In: one JSON object on standard input (input.php says which). Nothing of it ever becomes an argument.
 * Out: one JSON object on the last line. Exit 0 = installed, configured and looked at.
 *
 * A shop is installed as nobody's first, and then handed over to its owner. The first takes seconds and is the same for
 * every shop, so a shop may also come here as a copy of one that was installed elsewhere; the second takes a moment.
 *
 * Safe to repeat and to kill at any moment. A mark in the options table tells the cases apart:
 *   no table or mark "started"  a first or an interrupted try: every step is done again
 *   mark "unowned"              installed, and nobody's: it is handed over, unless the input is for nobody
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
require __DIR__ . '/finish.php';
require __DIR__ . '/hand-over.php';

$input = read_input((string) stream_get_contents(STDIN));
if (mark_on_disk() === SHOP_UNOWNED) {
    stand_at($input['url']);
    answer_with(static fn (): array => take_over($input));
    exit(0);
}
stand_at(NOBODY['url']);
$child = pcntl_fork();
if ($child === 0) {
    answer_with(static fn () => install_core($input));
    exit(0);
}
pcntl_waitpid($child, $status);
if (!pcntl_wifexited($status) || pcntl_wexitstatus($status) !== 0) {
    fail('WordPress could not be installed; the lines above say why');
}
if (mark_on_disk() !== SHOP_STARTED) {
    stand_at($input['url']);
}
answer_with(static fn (): array => finish($input));
