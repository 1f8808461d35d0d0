<?php
declare(strict_types=1);

/*
 * {"username", "hash": SHA-256 of a token, "seconds": how long it opens, "proven"} → {"username"}, whom it lets in: the
 * account of that name where it may do everything, else the first that may. open-admin.php takes the token.
 * {"revoke": true} → the same: no link opens any more, and no browser sees the shop while it is in maintenance.
 * Without Magento, which would take seconds to start: the owner waits. Licence: GPL-2.0-or-later.
 */
require __DIR__ . '/command.php';
require __DIR__ . '/../admin-link.php';
require __DIR__ . '/../administrator.php';
require __DIR__ . '/../looks.php';

$asked = shop_asked_admin_link(read_input());
answer_with(static function () use ($asked): array {
    if ($asked === null) {
        shop_revoke_admin_links();
        shop_end_looks();
        return ['revoke' => true];
    }
    shop_facts() === null && fail('there is no shop yet');
    $admin = administrator_for($asked['username'], shop_connect(5)) ?? fail('this shop has no administrator; a new password makes one');
    shop_place_admin_link($asked, (int) $admin['user_id'], time()) || fail('the link cannot be written down');
    return ['username' => $admin['username']];
});
