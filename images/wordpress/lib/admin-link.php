<?php
declare(strict_types=1);

/*
 * One-time sign-in for the shop's administrator. The platform makes a token and tells it to the owner's browser alone;
 * here is only its SHA-256, in a file that lives in memory, for less than a minute: {"hash", "user", "until"}. The file
 * is named after the hash, so that using one link can never use up another.
 */
const SHOP_ADMIN_LINK_PREFIX = '/run/shop/admin-link-';

function shop_admin_link_file(string $hash): string
{
    return SHOP_ADMIN_LINK_PREFIX . $hash;
}

/** From now on this link opens, until then, and no other does. */
function shop_place_admin_link(string $hash, int $user, int $until): bool
{
    shop_revoke_admin_links();
    $file = shop_admin_link_file($hash);
    $new = "$file.new";
    $text = json_encode(['hash' => $hash, 'user' => $user, 'until' => $until]);
    return file_put_contents($new, $text) === strlen($text) && chmod($new, 0600) && rename($new, $file);
}

function shop_revoke_admin_links(): void
{
    array_map(unlink(...), glob(SHOP_ADMIN_LINK_PREFIX . '*') ?: []);
}

/**
 * Whom a token lets in, or null. Whoever gets an answer has used the link up: of any number of requests that come with
 * the same token, one removes the file. A wrong token uses up nothing.
 */
function shop_use_admin_link(string $token, int $now): ?int
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
    return is_int($link['user'] ?? null) ? $link['user'] : null;
}
