<?php
declare(strict_types=1);

/*
 * Browsers that see the shop while visitors see the note: a cookie of the whole shop, since Magento's own sign-in reaches
 * no further than the administration. nginx (closed.conf) lets in who brings the name of a file that lies here, in memory.
 * Licence: GPL-2.0-or-later.
 */
const SHOP_LOOK_PREFIX = '/run/shop/look-';
const SHOP_LOOK_SECONDS = 86400;

/** A new one, for the browser of the owner who is just being signed in; those of yesterday are over. */
function shop_new_look(): string
{
    foreach (glob(SHOP_LOOK_PREFIX . '*') ?: [] as $old) {
        @filemtime($old) < time() - SHOP_LOOK_SECONDS && @unlink($old);
    }
    $look = bin2hex(random_bytes(32));
    touch(SHOP_LOOK_PREFIX . $look);
    return $look;
}

function shop_end_looks(): void
{
    array_map(unlink(...), glob(SHOP_LOOK_PREFIX . '*') ?: []);
}
