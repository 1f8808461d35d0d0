<?php
declare(strict_types=1);

/*
 * One-time sign-in for the shop's administrator. The platform makes a token and tells it to the owner's browser alone;
 * here is only its SHA-256, in a file that lives in memory, for less than a minute: {"hash", "user", "proven", "until"}.
 * The file is named after the hash, so that using one link can never use up another. License: GPL-2.0-or-later.
 */
const SHOP_ADMIN_LINK_PREFIX = '/run/shop/admin-link-';
const SHOP_ADMIN_LINK_SECONDS = 300;

/**
 * What shop-admin-link is asked for: a link, or null where none shall open any more. Ends the program where it is neither.
 *
 * @return array{username: string, hash: string, seconds: int, proven: bool}|null
 */
function shop_asked_admin_link(array $input): ?array
{
    if (($input['revoke'] ?? null) === true) {
        return null;
    }
    ['username' => $username, 'hash' => $hash, 'seconds' => $seconds, 'proven' => $proven] = $input + ['username' => null, 'hash' => null, 'seconds' => null, 'proven' => false];
    is_string($username) && trim($username) !== '' || fail('the input lacks "username"');
    is_string($hash) && preg_match('/^[0-9a-f]{64}$/D', $hash) || fail('"hash" is no SHA-256');
    is_int($seconds) && $seconds > 0 && $seconds <= SHOP_ADMIN_LINK_SECONDS || fail('"seconds" is no time that a link may open');
    is_bool($proven) || fail('"proven" must be true or false');
    return ['username' => $username, 'hash' => $hash, 'seconds' => $seconds, 'proven' => $proven];
}

function shop_admin_link_file(string $hash): string
{
    return SHOP_ADMIN_LINK_PREFIX . $hash;
}

/**
 * From now on this link lets the user in, for so long, and no other link does. `proven`: whoever asked for it had just
 * proven who they are.
 */
function shop_place_admin_link(array $asked, int $user, int $now): bool
{
    shop_revoke_admin_links();
    ['hash' => $hash, 'proven' => $proven, 'seconds' => $seconds] = $asked;
    $file = shop_admin_link_file($hash);
    $new = "$file.new";
    $text = json_encode(['hash' => $hash, 'user' => $user, 'proven' => $proven, 'until' => $now + $seconds]);
    return file_put_contents($new, $text) === strlen($text) && chmod($new, 0600) && rename($new, $file);
}

function shop_revoke_admin_links(): void
{
    array_map(unlink(...), glob(SHOP_ADMIN_LINK_PREFIX . '*') ?: []);
}

/**
 * Whom a token lets in, or null. Whoever gets an answer has used the link up: of any number of requests that come with
 * the same token, one removes the file. A wrong token uses up nothing.
 *
 * @return array{user: int, proven: bool}|null
 */
function shop_use_admin_link(string $token, int $now): ?array
{
    // What is none of ours is not worth a hash.
    if (!preg_match('/^[A-Za-z0-9_-]{43}$/D', $token)) {
        return null;
    }
    $hash = hash('sha256', $token);
    $link = json_decode((string) @file_get_contents(shop_admin_link_file($hash)), true);
    if (!is_array($link) || !is_string($link['hash'] ?? null) || !hash_equals($link['hash'], $hash)) {
        return null;
    }
    // Burnt before anybody is let in, also when it is too late.
    if (!@unlink(shop_admin_link_file($hash)) || !is_int($link['until'] ?? null) || $now > $link['until']) {
        return null;
    }
    return is_int($link['user'] ?? null) ? ['user' => $link['user'], 'proven' => ($link['proven'] ?? null) === true] : null;
}
