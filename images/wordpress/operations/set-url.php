<?php
declare(strict_types=1);

/*
 * In: {"url": "https://host[:port]/"}. Out: the same. From now on the shop builds its addresses from this one.
 * Texts of pages and products are the owner's and stay as they are.
 */
const SHOP_PROGRAM = 'shop-set-url';
require __DIR__ . '/../program.php';
require __DIR__ . '/../address.php';

$url = checked_url(read_object((string) stream_get_contents(STDIN), ['url'])['url']);
stand_at($url);
answer_with(static function () use ($url): array {
    load_bare_wordpress();
    put_address_right($url);
    wp_cache_flush();
    return ['url' => "$url/"];
});
