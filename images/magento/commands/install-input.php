<?php
declare(strict_types=1);

/** What a shop is before it has an owner. Nobody can get into its administration: it has no account. */
const NOBODY = ['url' => 'https://nobody.shop.invalid/', 'adminPath' => 'nobody', 'locale' => 'en_US', 'currency' => 'USD', 'timezone' => 'UTC'];

/**
 * The owner's wishes; or NOBODY, where the shop is to wait for one.
 *
 * @return array{forNobody: bool, url: string, title?: string, adminUsername?: string, adminEmail?: string, adminPassword?: string,
 *               adminPath: string, country?: string, locale: string, currency: string, timezone: string}
 */
function read_install_input(): array
{
    $input = read_input('platform');
    $input['platform'] === 'magento' || fail('this container is for "platform" magento');
    if (($input['forNobody'] ?? false) === true) {
        return ['forNobody' => true] + NOBODY;
    }
    want_texts($input, 'url', 'title', 'adminUsername', 'adminEmail', 'adminPassword', 'adminPath');
    $input = ['forNobody' => false] + $input + ['country' => 'US'] + NOBODY;
    $input['url'] = base_url($input['url']);
    preg_match('#^/?([a-z][a-z0-9_]{5,40})/?$#', $input['adminPath'], $path) || fail('"adminPath" must be 6 to 41 of a-z, 0-9 and _');
    $input['adminPath'] = $path[1];
    preg_match('/^[a-z]{2,3}_(?:[A-Z][a-z]{3}_)?[A-Z]{2}$/', (string) $input['locale']) || fail('"locale" is like de_DE');
    preg_match('/^[A-Z]{2}$/', (string) $input['country']) || fail('"country" is like DE');
    preg_match('/^[A-Z]{3}$/', (string) $input['currency']) || fail('"currency" is like EUR');
    in_array($input['timezone'], DateTimeZone::listIdentifiers(DateTimeZone::ALL_WITH_BC), true) || fail('"timezone" is like Europe/Berlin');
    // Magento says no much later, and then there is half a shop.
    preg_match('/[a-z]/i', $input['adminPassword']) && preg_match('/\d/', $input['adminPassword']) && strlen($input['adminPassword']) >= 7
        || fail('"adminPassword" needs seven characters, a letter and a digit among them');
    return $input;
}
