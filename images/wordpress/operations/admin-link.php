<?php
declare(strict_types=1);

/*
 * In: {"username", "hash": SHA-256 of the token, "seconds": how long it opens}. Out: {"username"}, who it lets in: the
 * account of that name when it is an administrator, else the first administrator there is.
 * In: {"revoke": true}. Out: the same; no link opens any more.
 */
const SHOP_PROGRAM = 'shop-admin-link';
const LONGEST_SECONDS = 300;
require __DIR__ . '/../program.php';
require __DIR__ . '/../admin-link.php';

$json = (string) stream_get_contents(STDIN);
$input = read_object($json, []);
if (($input['revoke'] ?? null) === true) {
    answer_with(static function (): array {
        shop_revoke_admin_links();
        return ['revoke' => true];
    });
    exit(0);
}
['username' => $username, 'hash' => $hash] = read_object($json, ['username', 'hash']);
preg_match('/^[0-9a-f]{64}$/D', $hash) || fail('"hash" is no SHA-256');
$seconds = $input['seconds'] ?? null;
is_int($seconds) && $seconds > 0 && $seconds <= LONGEST_SECONDS || fail('"seconds" is no time that a link may open');
stand_at('https://localhost');
answer_with(static function () use ($username, $hash, $seconds): array {
    load_bare_wordpress();
    $user = get_user_by('login', $username);
    if (!$user || !user_can($user, 'manage_options')) {
        $user = get_users(['role' => 'administrator', 'number' => 1, 'orderby' => 'ID'])[0] ?? null;
    }
    $user instanceof WP_User || fail('this shop has no administrator; a new password makes one');
    shop_place_admin_link($hash, $user->ID, time() + $seconds) || fail('the link cannot be written down');
    return ['username' => $user->user_login];
});
