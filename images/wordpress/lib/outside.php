<?php
declare(strict_types=1);

/*
 * Can this container reach the internet? On a machine that cannot, every call of WordPress or WooCommerce to its
 * makers waits for a name server that never answers, and the owner's first login takes a minute. So the answer is
 * remembered for a while: while names do not resolve, calls outside fail at once (mu-plugins/outside.php).
 * Only dead name resolution counts, never a slow or broken host: a call that could succeed is never held back.
 */
const SHOP_OUTSIDE_MARK = '/run/shop/outside-is-away';
const SHOP_OUTSIDE_SECONDS = 300;
/** Two names of two owners: one that vanishes alone proves nothing. */
const SHOP_OUTSIDE_NAMES = ['api.wordpress.org', 'woocommerce.com'];

/** True while the last look, not older than five minutes, found no name resolution. */
function shop_outside_is_away(): bool
{
    $since = @filemtime(SHOP_OUTSIDE_MARK);
    return $since !== false && time() - $since < SHOP_OUTSIDE_SECONDS;
}

/** Looks again and remembers. Takes milliseconds where names resolve, a few seconds where they do not. */
function shop_look_outside(): void
{
    foreach (SHOP_OUTSIDE_NAMES as $name) {
        if (gethostbynamel($name) !== false) {
            @unlink(SHOP_OUTSIDE_MARK);
            return;
        }
    }
    @touch(SHOP_OUTSIDE_MARK);
}
