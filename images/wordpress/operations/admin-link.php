<?php
declare(strict_types=1);

/*
 * In: {"username", "hash": SHA-256 of the token, "seconds": how long it opens}. Out: {"username"}, who it lets in: the
 * account of that name when it is an administrator, else the first administrator there is.
 * In: {"revoke": true}. Out: the same; no link opens any more.
 */
const SHOP_PROGRAM = 'shop-admin-link';
require __DIR__ . '/../program.php';
require __DIR__ . '/../admin-link.php';

$asked = shop_asked_admin_link(read_object((string) stream_get_contents(STDIN), []));
stand_at('https://localhost');
answer_with(static function () use ($asked): array {
    if ($asked === null) {
        shop_revoke_admin_links();
        return ['revoke' => true];
    }
    load_bare_wordpress();
    $user = get_user_by('login', $asked['username']);
    if (!$user || !user_can($user, 'manage_options')) {
        $user = get_users(['role' => 'administrator', 'number' => 1, 'orderby' => 'ID'])[0] ?? null;
    }
    $user instanceof WP_User || fail('this shop has no administrator; a new password makes one');
    shop_place_admin_link($asked, $user->ID, time()) || fail('the link cannot be written down');
    return ['username' => $user->user_login];
});
