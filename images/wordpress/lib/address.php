<?php
declare(strict_types=1);

/** Home and site address, and what follows from them; nothing else: a store may have got another name. */
function put_address_right(string $url): void
{
    approve_downloads_at($url);
    foreach (['siteurl', 'home'] as $name) {
        if (get_option($name) !== $url) {
            update_option($name, $url);
        }
    }
}

/**
 * WooCommerce hands out paid files from approved addresses only, and writes them down whole. What is approved below
 * the old address is approved below the new one too; the old stays, since older products name it.
 */
function approve_downloads_at(string $url): void
{
    global $wpdb;
    $old = (string) get_option('home');
    $table = $wpdb->prefix . 'wc_product_download_directories';
    if ($old === '' || $old === $url || $wpdb->get_var($wpdb->prepare('SHOW TABLES LIKE %s', $wpdb->esc_like($table))) !== $table) {
        return;
    }
    $approved = $wpdb->get_results($wpdb->prepare("SELECT url, enabled FROM $table WHERE url LIKE %s", $wpdb->esc_like("$old/") . '%'));
    foreach ($approved as $directory) {
        $moved = $url . substr($directory->url, strlen($old));
        if ($wpdb->get_var($wpdb->prepare("SELECT 1 FROM $table WHERE url = %s", $moved)) === null) {
            $wpdb->insert($table, ['url' => $moved, 'enabled' => $directory->enabled]);
        }
    }
}
