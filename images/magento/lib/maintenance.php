<?php
declare(strict_types=1);

/*
 * The owner's maintenance mode: a folder on the shop's own disk, which nginx looks for (closed.conf); in it a file of the
 * name that the administration's addresses begin with, which stay open. Magento's own mode cannot be used: it closes the
 * administration, and Magento's commands switch it off. Ours outlives a restart, a repair and a database that is put back.
 * Licence: GPL-2.0-or-later.
 */
const SHOP_MAINTENANCE_MARK = '/var/tmp/.shop-maintenance';

function shop_in_maintenance(): bool
{
    clearstatcache(true, SHOP_MAINTENANCE_MARK);
    return file_exists(SHOP_MAINTENANCE_MARK);
}

/** Visitors see the note from now on, or the shop; may be repeated. Throws when the disk refuses it. */
function shop_put_maintenance(bool $on, string $adminPath): void
{
    $done = $on
        ? (is_dir(SHOP_MAINTENANCE_MARK) || @mkdir(SHOP_MAINTENANCE_MARK, 0750)) && @touch(SHOP_MAINTENANCE_MARK . "/$adminPath")
        : !file_exists(SHOP_MAINTENANCE_MARK) || array_map(unlink(...), glob(SHOP_MAINTENANCE_MARK . '/*') ?: []) !== false && @rmdir(SHOP_MAINTENANCE_MARK);
    $done || throw new RuntimeException(SHOP_MAINTENANCE_MARK . ' cannot be ' . ($on ? 'made' : 'removed'));
}
