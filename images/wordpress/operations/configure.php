<?php
declare(strict_types=1);

/*
 * In: any of {"title", "timezone", "locale", "country", "currency", "maintenance"}, or nothing. Out: all of them as they are now, and
 * "locales", the languages whose texts are installed. What is not named stays as its owner has it.
 */
const SHOP_PROGRAM = 'shop-configure';
require __DIR__ . '/../program.php';
require __DIR__ . '/../settings.php';

const SETTINGS = ['title', 'timezone', 'locale', 'country', 'currency', 'maintenance'];

$input = read_object((string) stream_get_contents(STDIN), []);
$wish = array_intersect_key($input, array_flip(SETTINGS));
foreach ($wish as $name => $value) {
    is_string($value) && trim($value) !== '' || fail("\"$name\" is no text");
}
stand_at('https://localhost');
answer_with(static function () use ($wish): array {
    load_bare_wordpress();
    check_settings($wish);
    set_shop_settings($wish);
    wp_cache_flush();
    return shop_settings();
});
