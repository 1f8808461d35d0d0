<?php
declare(strict_types=1);

/**
 * nginx's word for whom a visitor's address is believed of: the gateway in front, FRONT_GATEWAY, or nobody. Throws
 * RuntimeException where that is no address.
 */
function believed_gateway(): string
{
    $gateway = (string) getenv('FRONT_GATEWAY');
    if ($gateway === '') {
        return '# No FRONT_GATEWAY: every visitor has the address of the last hop.';
    }
    if (filter_var($gateway, FILTER_VALIDATE_IP) === false) {
        throw new RuntimeException('FRONT_GATEWAY is not an address');
    }
    return "set_real_ip_from $gateway;";
}
