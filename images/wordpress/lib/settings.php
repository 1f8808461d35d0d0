<?php
declare(strict_types=1);

/*
 * What the owner can set from the hosting's pages, and how WordPress and WooCommerce keep it. Called in a loaded
 * WordPress. The names are the platform's: {"title", "timezone", "locale", "country", "currency", "maintenance"}.
 * License: GPL-2.0-or-later.
 */
require_once __DIR__ . '/maintenance.php';
require_once __DIR__ . '/marks.php';
require_once __DIR__ . '/php-limits.php';

/** @return array{title: string, timezone: string, locale: string, country: ?string, currency: ?string, maintenance: string, locales: list<string>, php: ?array} */
function shop_settings(): array
{
    $sells = has_shop();
    return [
        // Kept as HTML.
        'title' => wp_specialchars_decode((string) get_option('blogname'), ENT_QUOTES),
        'timezone' => wp_timezone_string(),
        'locale' => ((string) get_option('WPLANG')) ?: 'en_US',
        'country' => $sells ? explode(':', (string) get_option('woocommerce_default_country'))[0] : null,
        'currency' => $sells ? (string) get_option('woocommerce_currency') : null,
        'maintenance' => shop_in_maintenance() ? 'on' : 'off',
        'locales' => installed_locales(),
        'php' => held_php_limits(),
    ];
}

/** Is WooCommerce installed, whether the platform brings it or the owner did? */
function has_shop(): bool
{
    return get_option('woocommerce_default_country', null) !== null;
}

/** English, and what has its texts on this shop's disk. @return list<string> */
function installed_locales(): array
{
    return array_values(array_unique(['en_US', ...get_available_languages()]));
}

/** Looks at everything first: either all of it can be set, or `fail` says what cannot. */
function check_settings(array $wish): void
{
    isset($wish['timezone']) && !in_array($wish['timezone'], DateTimeZone::listIdentifiers(DateTimeZone::ALL_WITH_BC), true) && fail('"timezone" is like Europe/Berlin');
    isset($wish['locale']) && !in_array($wish['locale'], installed_locales(), true) && fail('the texts of this "locale" are not installed here');
    isset($wish['country']) && !preg_match('/^[A-Z]{2}$/D', $wish['country']) && fail('"country" is like DE');
    isset($wish['currency']) && !preg_match('/^[A-Z]{3}$/D', $wish['currency']) && fail('"currency" is like EUR');
    isset($wish['maintenance']) && !in_array($wish['maintenance'], ['on', 'off'], true) && fail('"maintenance" is on or off');
    (isset($wish['country']) || isset($wish['currency'])) && !has_shop() && fail('there is nothing here that sells');
}

/** Only what is wished; everything else stays as the owner has it. */
function set_shop_settings(array $wish): void
{
    isset($wish['maintenance']) && !shop_put_mark(SHOP_MAINTENANCE_MARK, $wish['maintenance'] === 'on') && fail(SHOP_MAINTENANCE_MARK . ' cannot be changed');
    isset($wish['title']) && update_option('blogname', $wish['title']);
    if (isset($wish['timezone'])) {
        update_option('timezone_string', $wish['timezone']);
        update_option('gmt_offset', '');
    }
    isset($wish['locale']) && update_option('WPLANG', $wish['locale'] === 'en_US' ? '' : $wish['locale']);
    isset($wish['currency']) && update_option('woocommerce_currency', $wish['currency']);
    // The state belongs to the country: it stays while that does.
    if (isset($wish['country']) && explode(':', (string) get_option('woocommerce_default_country'))[0] !== $wish['country']) {
        update_option('woocommerce_default_country', $wish['country']);
    }
}
