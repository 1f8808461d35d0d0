<?php
declare(strict_types=1);

/*
 * What the owner can set from the hosting's pages, and where Magento keeps it. The names are the platform's: {"title",
 * "timezone", "locale", "country", "currency"}, and "maintenance", which is a mark on the disk. Licence: GPL-2.0-or-later.
 */
require_once __DIR__ . '/../maintenance.php';
require_once __DIR__ . '/../php-limits.php';

const SETTING_PATHS = [
    'title' => ['general/store_information/name', 'design/head/default_title'],
    'timezone' => ['general/locale/timezone'],
    'locale' => ['general/locale/code'],
    'country' => ['general/country/default', 'general/store_information/country_id'],
    'currency' => ['currency/options/base', 'currency/options/default', 'currency/options/allow'],
];

/** In whose names a shop writes. */
const SENDERS = ['general', 'sales', 'support', 'custom1', 'custom2'];

/**
 * The paths with their values, for what is wished; a currency comes to the `$allowed` ones (EUR,USD), which stay. Throws
 * for what this shop cannot be set to. @return array<string, string>
 */
function paths_of(array $wish, array $locales, string $allowed = ''): array
{
    $isOdd = match (true) {
        isset($wish['timezone']) && !in_array($wish['timezone'], DateTimeZone::listIdentifiers(DateTimeZone::ALL_WITH_BC), true) => '"timezone" is like Europe/Berlin',
        isset($wish['locale']) && !in_array($wish['locale'], $locales, true) => 'the texts of this "locale" are not in the image',
        isset($wish['country']) && !preg_match('/^[A-Z]{2}$/D', $wish['country']) => '"country" is like DE',
        isset($wish['currency']) && !preg_match('/^[A-Z]{3}$/D', $wish['currency']) => '"currency" is like EUR',
        isset($wish['maintenance']) && !in_array($wish['maintenance'], ['on', 'off'], true) => '"maintenance" is on or off',
        default => null,
    };
    $isOdd === null || throw new InvalidArgumentException($isOdd);
    $settings = [];
    foreach (array_intersect_key($wish, SETTING_PATHS) as $name => $value) {
        is_string($value) && trim($value) !== '' || throw new InvalidArgumentException("\"$name\" is no text");
        $settings += array_fill_keys(SETTING_PATHS[$name], $value);
    }
    if (isset($wish['currency'])) {
        $settings['currency/options/allow'] = implode(',', array_unique(array_filter([...explode(',', $allowed), $wish['currency']])));
    }
    return $settings;
}

/** Senders that are called as the shop is called so far, and therefore as it is from now on; other names are their owner's. @return array<string, string> */
function senders_called(string $title, string $before, callable $valueOf): array
{
    $paths = array_map(static fn (string $sender): string => "trans_email/ident_$sender/name", SENDERS);
    return array_fill_keys(array_filter($paths, static fn (string $path): bool => $valueOf($path) === $before), $title);
}

/** Languages whose pages were built with the image: a production shop can show no other. @return list<string> */
function built_locales(string $static = MAGENTO . '/pub/static/frontend'): array
{
    $locales = array_map('basename', glob("$static/*/*/*_*", GLOB_ONLYDIR) ?: []);
    sort($locales);
    return array_values(array_unique(['en_US', ...$locales]));
}

/** As the shop has it; what nobody has set is as Magento comes. */
function value_of(string $path): string
{
    return (string) magento()->get(Magento\Framework\App\Config\ScopeConfigInterface::class)->getValue($path);
}

/** All that its owner can set, as the shop has it. */
function shop_settings(): array
{
    return array_map(static fn (array $paths): string => value_of($paths[0]), SETTING_PATHS)
        + ['maintenance' => shop_in_maintenance() ? 'on' : 'off', 'locales' => built_locales(), 'php' => held_php_limits()];
}
