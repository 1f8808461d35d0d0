<?php
declare(strict_types=1);

/**
 * First half: tables, roles, an account, all of it nobody's. Does nothing to a shop that is there: somebody's, or one that
 * waits for its owner.
 */
function install_core(array $input): void
{
    $nothingYet = clear_half_made_tables();
    define('WP_INSTALLING', true);
    require '/var/www/html/wp-load.php';
    global $wpdb;

    $mark = shop_mark();
    if (!in_array($mark, [SHOP_STARTED, null], true) || ($mark === null && !$nothingYet)) {
        return;
    }
    // An interrupted try may have left in the cache what never was written to disk.
    wp_cache_flush();

    require_once ABSPATH . 'wp-admin/includes/upgrade.php';
    // Hundreds of small rows: written to disk once, not one by one. Statements that make tables end it by themselves.
    $wpdb->query('SET autocommit = 0');
    add_action('populate_options', static fn () => add_first_options($input['platform']));
    wp_install(NOBODY['title'], NOBODY['username'], NOBODY['email'], true, '', wp_generate_password(64));
    $user = get_user_by('login', NOBODY['username']);
    if ($user === false) {
        fail("no administrator could be made: {$wpdb->last_error}");
    }
    // No password has this digest: until the shop is handed over, nobody signs in to it.
    $wpdb->update($wpdb->users, ['user_pass' => '!'], ['ID' => $user->ID]);
    hide_name($user);
    $wpdb->query('COMMIT');
    wp_cache_flush();
}

/**
 * A try that was killed among the first tables leaves some of them, and WordPress refuses to load beside those.
 * They are dropped, but only when nobody can have put anything into them: no address, no account, no post.
 * True when there is no shop. Asks the database itself: the cache may remember what was never written.
 */
function clear_half_made_tables(): bool
{
    $database = shop_connect(10);
    $tables = array_column($database->query("SHOW TABLES LIKE 'shop\\_%'")->fetch_all(), 0);
    $has = static fn (string $table, string $condition): bool => in_array($table, $tables, true)
        && $database->query("SELECT 1 FROM `$table` WHERE $condition LIMIT 1")->num_rows > 0;
    if ($has('shop_options', "option_name = 'siteurl'")) {
        return false;
    }
    if ($has('shop_users', '1') || $has('shop_posts', '1') || $has('shop_options', "option_name = 'home'")) {
        fail('the database holds a shop without an address; nothing was changed');
    }
    $tables === [] || $database->query('DROP TABLE `' . implode('`, `', $tables) . '`');
    return true;
}

/**
 * Rows that must be there before WordPress or WooCommerce put their own defaults: both only add what is missing.
 * The mark comes first of all, so that an interrupted try is known as ours.
 */
function add_first_options(string $platform): void
{
    global $wpdb;
    foreach ([SHOP_MARK => SHOP_STARTED] + first_options($platform) as $name => $value) {
        $wpdb->query($wpdb->prepare(
            "INSERT IGNORE INTO {$wpdb->options} (option_name, option_value, autoload) VALUES (%s, %s, 'on')",
            $name,
            maybe_serialize($value),
        ));
    }
    $wpdb->query('COMMIT');
    wp_cache_flush();
}

function first_options(string $platform): array
{
    $options = [
        // Set before WordPress looks, or it would try them out with a call to itself.
        'permalink_structure' => '/%postname%/',
        // No calls to gravatar.com from visitors' browsers; the owner may switch it on.
        'show_avatars' => '0',
        'default_pingback_flag' => '0',
        'default_ping_status' => 'closed',
        'timezone_string' => NOBODY['timezone'],
    ];
    if ($platform !== 'woocommerce') {
        return $options;
    }
    return $options + [
        // Else the shop hides itself behind a "coming soon" page at the first request of anybody to admin-ajax.php.
        'woocommerce_coming_soon' => 'no',
        'woocommerce_store_pages_only' => 'no',
        // The set-up wizard would capture the owner's first login. It wants the boolean.
        'woocommerce_onboarding_profile' => ['skipped' => true],
        'woocommerce_task_list_hidden_lists' => ['setup', 'extended'],
        'woocommerce_allow_tracking' => 'no',
        'woocommerce_show_marketplace_suggestions' => 'no',
        'woocommerce_default_country' => NOBODY['country'],
        'woocommerce_currency' => NOBODY['currency'],
        // A shop that can sell at once. Setting it through the gateway's own screen would mail the owner.
        'woocommerce_cod_settings' => [
            'enabled' => 'yes',
            'title' => 'Cash on delivery',
            'description' => 'Pay with cash upon delivery.',
            'instructions' => 'Pay with cash upon delivery.',
            'enable_for_methods' => [],
            'enable_for_virtual' => 'yes',
        ],
    ];
}

/** Public pages, feeds and the REST interface show this name, never the one that logs in. */
function hide_name(WP_User $user): void
{
    global $wpdb;
    $wpdb->update($wpdb->users, ['user_nicename' => 'team', 'display_name' => 'Team', 'user_url' => ''], ['ID' => $user->ID]);
    update_user_meta($user->ID, 'nickname', 'Team');
    update_user_meta($user->ID, 'show_welcome_panel', '0');
    clean_user_cache($user->ID);
}

// WordPress leaves these two to whoever defines them first.

/** Instead of "Hello world!", a sample page and widgets: the one category that WordPress cannot do without. */
function wp_install_defaults($user_id): void
{
    global $wpdb;
    $wpdb->query("INSERT IGNORE INTO {$wpdb->terms} (term_id, name, slug, term_group) VALUES (1, 'Uncategorized', 'uncategorized', 0)");
    $wpdb->query("INSERT IGNORE INTO {$wpdb->term_taxonomy} (term_taxonomy_id, term_id, taxonomy, description, parent, count) VALUES (1, 1, 'category', '', 0, 0)");
    update_option('default_category', 1);
}

/** The platform sends its own welcome mail, without a password in it. */
function wp_new_blog_notification($blog_title, $blog_url, $user_id, $password): void
{
}
