<?php
declare(strict_types=1);

/*
 * The owner's maintenance mode: a file on the shop's own disk. It outlives a restart, and neither a repair nor a
 * database that is put back switches it off. mu-plugins/maintenance.php says who gets in meanwhile.
 * License: GPL-2.0-or-later.
 */
const SHOP_MAINTENANCE_MARK = '/var/tmp/.shop-maintenance';

function shop_in_maintenance(): bool
{
    clearstatcache(true, SHOP_MAINTENANCE_MARK);
    return is_file(SHOP_MAINTENANCE_MARK);
}
