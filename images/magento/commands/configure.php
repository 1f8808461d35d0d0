<?php
declare(strict_types=1);

/*
 * Any of {"title", "timezone", "locale", "country", "currency"}, or nothing → all of them as they are now, and
 * "locales", the languages that the image was built with. What is not named stays as its owner has it.
 * Licence: GPL-2.0-or-later.
 */
require __DIR__ . '/command.php';
require __DIR__ . '/shop-settings.php';

$wish = array_intersect_key(read_input(), SETTING_PATHS);
answer_with(static function () use ($wish): array {
    $settings = paths_of($wish, built_locales(), isset($wish['currency']) ? allowed_currencies() : '');
    if ($settings !== [] && write_settings($settings)) {
        forget_caches();
        magento()->get(Magento\Framework\App\Config\ReinitableConfigInterface::class)->reinit();
    }
    return shop_settings();
});
