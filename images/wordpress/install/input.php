<?php
declare(strict_types=1);

/**
 * @return array{url: string, title: string, adminUsername: string, adminEmail: string, adminPassword: string,
 *               platform: string, country: string, currency: string, timezone: string, forNobody: bool}
 */
function read_input(string $json): array
{
    $input = read_object($json, ['platform']);
    $input['forNobody'] = ($input['forNobody'] ?? false) === true;
    if ($input['forNobody']) {
        $input = ['url' => NOBODY['url']] + $input;
    } else {
        read_object($json, ['url', 'title', 'adminUsername', 'adminEmail', 'adminPassword']);
    }
    $input += ['country' => NOBODY['country'], 'currency' => NOBODY['currency'], 'timezone' => NOBODY['timezone']];
    $input['url'] = checked_url($input['url']);
    if (!in_array($input['platform'], ['woocommerce', 'wordpress'], true)) {
        fail('"platform" must be woocommerce or wordpress');
    }
    if ($input['platform'] !== (getenv('SHOP_PLATFORM') ?: $input['platform'])) {
        fail('this container is for another platform');
    }
    if (!preg_match('/^[A-Z]{2}(:[A-Z0-9]{1,3})?$/', $input['country']) || !preg_match('/^[A-Z]{3}$/', $input['currency'])) {
        fail('"country" is like DE or US:CA, "currency" like EUR');
    }
    if (!in_array($input['timezone'], DateTimeZone::listIdentifiers(DateTimeZone::ALL_WITH_BC), true)) {
        fail('"timezone" is like Europe/Berlin');
    }
    return $input;
}
