<?php
declare(strict_types=1);

/*
 * In: {"paused": true|false}. Out: the same. Works without database and without WordPress; requests that are under way
 * come to their end. paused.php says what visitors get.
 */
const SHOP_PROGRAM = 'shop-pause';
require __DIR__ . '/../program.php';
require __DIR__ . '/../marks.php';
require __DIR__ . '/../paused.php';

$paused = read_object((string) stream_get_contents(STDIN), [])['paused'] ?? null;
if (!is_bool($paused)) {
    fail('"paused" must be true or false');
}
answer_with(static function () use ($paused): array {
    shop_put_mark(SHOP_PAUSE_MARK, $paused) || fail(SHOP_PAUSE_MARK . ' cannot be ' . ($paused ? 'made' : 'removed'));
    return ['paused' => $paused];
});
