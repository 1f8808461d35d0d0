<?php
declare(strict_types=1);

/**
 * Whose a shop is until it is handed over. Each text is one that nobody chooses, so that a row that holds it is known to
 * be a copy of it; the address leads nowhere (RFC 2606).
 */
const NOBODY = [
    'url' => 'https://nobody.shop.invalid',
    'title' => 'A shop that is nobody\'s yet',
    'username' => 'nobody',
    'email' => 'nobody@nobody.shop.invalid',
    'country' => 'US:CA',
    'currency' => 'USD',
    'timezone' => 'UTC',
];

/** A shop that waits for its owner, without its plugins: it has been looked at when it was installed. */
function take_over(array $input): array
{
    load_bare_wordpress();
    $input['forNobody'] || hand_over($input);
    return answer_of($input, !$input['forNobody']);
}

/**
 * Title, address, account and settings become its owner's; what is to be of this shop alone is made anew. All at once: a
 * kill leaves a shop that is nobody's still.
 */
function hand_over(array $input): void
{
    global $wpdb;
    wp_cache_flush();
    $wpdb->query('START TRANSACTION');
    give_account($input);
    give_address($input['url']);
    // Copies of the title and the address of mail, e.g. whom a shop tells that something is sold out.
    update_option('blogname', $input['title']);
    foreach (['title' => get_option('blogname'), 'email' => $input['adminEmail']] as $name => $value) {
        $wpdb->update($wpdb->options, ['option_value' => $value], ['option_value' => NOBODY[$name]]);
    }
    update_option('timezone_string', $input['timezone']);
    if ($input['platform'] === 'woocommerce') {
        update_option('woocommerce_default_country', $input['country']);
        update_option('woocommerce_currency', $input['currency']);
        update_option('woocommerce_store_id', wp_generate_uuid4());
        update_option('woocommerce_admin_install_timestamp', time());
    }
    update_option(SHOP_MARK, SHOP_FINISHED);
    $wpdb->query('COMMIT');
    wp_cache_flush();
    tell_of_leftovers();
}

function give_account(array $input): void
{
    global $wpdb;
    $user = get_user_by('login', NOBODY['username']);
    $user !== false && user_can($user, 'manage_options') || fail('there is no account that could be its owner\'s');
    $facts = ['user_login' => $input['adminUsername'], 'user_email' => $input['adminEmail'], 'user_registered' => gmdate('Y-m-d H:i:s')];
    $wpdb->update($wpdb->users, $facts, ['ID' => $user->ID]);
    clean_user_cache($user);
    // Slashed like everything that comes by a form: the sign-in page compares it that way.
    wp_set_password(wp_slash($input['adminPassword']), $user->ID);
}

/** In rows that hold it whole, or begin with it. */
function give_address(string $url): void
{
    global $wpdb;
    $begins = [[$wpdb->posts, 'guid'], [$wpdb->prefix . 'wc_product_download_directories', 'url']];
    foreach ($begins as [$table, $column]) {
        if ($wpdb->get_var($wpdb->prepare('SHOW TABLES LIKE %s', $wpdb->esc_like($table))) === $table) {
            $wpdb->query($wpdb->prepare(
                "UPDATE $table SET $column = CONCAT(%s, SUBSTRING($column, %d)) WHERE $column LIKE %s",
                $url,
                strlen(NOBODY['url']) + 1,
                $wpdb->esc_like(NOBODY['url'] . '/') . '%',
            ));
        }
    }
    foreach (['siteurl', 'home'] as $name) {
        update_option($name, $url);
    }
}

/** A version of WordPress or WooCommerce that copies more than we know is no reason to keep its owner waiting. */
function tell_of_leftovers(): void
{
    global $wpdb;
    $rows = $wpdb->get_col($wpdb->prepare(
        "SELECT option_name FROM {$wpdb->options} WHERE option_value LIKE %s OR option_value LIKE %s",
        '%' . $wpdb->esc_like('nobody.shop.invalid') . '%',
        '%' . $wpdb->esc_like(NOBODY['title']) . '%',
    ));
    $rows === [] || fwrite(STDERR, 'shop-install: still nobody\'s: ' . implode(', ', $rows) . "\n");
}
