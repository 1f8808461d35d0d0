<?php
declare(strict_types=1);

/*
 * Any of {"title", "timezone", "locale", "country", "currency", "maintenance"}, or nothing → all of them as they are now,
 * and "locales", the languages that the image was built with. What is not named stays as its owner has it.
 * Licence: GPL-2.0-or-later.
 */
require __DIR__ . '/command.php';
require __DIR__ . '/shop-settings.php';

$wish = array_intersect_key(read_input(), SETTING_PATHS + ['maintenance' => []]);
answer_with(static function () use ($wish): array {
    ['adminPath' => $adminPath] = shop_facts() ?? throw new RuntimeException('there is no shop yet');
    $settings = paths_of($wish, built_locales(), isset($wish['currency']) ? value_of('currency/options/allow') : '');
    isset($wish['title']) && $settings += senders_called($wish['title'], value_of(SETTING_PATHS['title'][0]), value_of(...));
    isset($wish['maintenance']) && shop_put_maintenance($wish['maintenance'] === 'on', $adminPath);
    $settings !== [] && write_settings($settings) && forget_caches();
    return shop_settings();
});
