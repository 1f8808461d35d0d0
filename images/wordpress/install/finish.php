<?php
declare(strict_types=1);

/** Where the address database of visitors lies, the key of links into a closed shop, groups that shops are sorted into. */
const DRAWN_BY_LOT = [
    'woocommerce_maxmind_geolocation_settings',
    'woocommerce_share_key',
    'woocommerce_inbox_variant_assignment',
    'woocommerce_remote_variant_assignment',
];

/** Second half, in an installed WordPress: for a new shop everything that makes it fit for business and its owner's; else its address. */
function finish(array $input): array
{
    // Loading WordPress is what installs WooCommerce: on `init`, when its version is not in the database yet.
    // A few things look for its tables just before that, and their complaints would fill the log.
    $GLOBALS['wp_filter']['muplugins_loaded'][10][] = ['accepted_args' => 0, 'function' => static function (): void {
        $GLOBALS['wpdb']->query('SET autocommit = 0');
        $GLOBALS['wpdb']->suppress_errors();
    }];
    $GLOBALS['wp_filter']['init'][6][] = ['accepted_args' => 0, 'function' => static fn () => $GLOBALS['wpdb']->suppress_errors(false)];
    require '/var/www/html/wp-load.php';
    require_once ABSPATH . 'wp-admin/includes/plugin.php';
    global $wpdb;

    $first = shop_mark() === SHOP_STARTED;
    if ($first) {
        $input['platform'] === 'woocommerce' && set_up_shop();
        flush_rewrite_rules(false);
        look_at_result($input['platform']);
        $wpdb->query('COMMIT');
        show_start_page();
        forget_moments();
        $wpdb->query('COMMIT');
        update_option(SHOP_MARK, SHOP_UNOWNED);
        $input['forNobody'] || hand_over($input);
    } else {
        // A try that was killed right after its commit has left in the cache whose the shop was before.
        wp_cache_flush();
        put_address_right($input['url']);
    }
    $wpdb->query('COMMIT');
    return answer_of($input, $first);
}

/** @return array{installed: true, first: bool, versions: array<string, string>, settings: array} */
function answer_of(array $input, bool $first): array
{
    $wordpress = wp_get_wp_version();
    $application = $input['platform'] === 'woocommerce' ? (string) get_option('woocommerce_version') : $wordpress;
    return ['installed' => true, 'first' => $first, 'versions' => ['wordpress' => $wordpress, 'application' => $application], 'settings' => shop_settings()];
}

/**
 * What WordPress and WooCommerce write down when a page is shown for the first time (a menu, what fields a checkout has) is
 * then part of the installation: no copy of it writes that again, and no page that the hosting keeps is out of date as soon
 * as it is made. By another process, in which WordPress finds itself installed from the beginning.
 */
function show_start_page(): void
{
    $process = proc_open(['compiled-php', __DIR__ . '/start-page.php'], [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], STDERR], $pipes);
    $process !== false && proc_close($process) === 0 || fail('the start page cannot be shown; the lines above say why');
}

/**
 * What an installation leaves of its moment, and what it drew by lot: a copy made weeks later should begin with neither.
 * WooCommerce draws anew what is missing.
 */
function forget_moments(): void
{
    global $wpdb;
    $wpdb->query("DELETE FROM {$wpdb->options} WHERE option_name LIKE '\\_transient\\_%' OR option_name LIKE '\\_site\\_transient\\_%'");
    foreach (DRAWN_BY_LOT as $name) {
        delete_option($name);
    }
    wp_cache_flush();
}

function set_up_shop(): void
{
    global $wpdb;
    if (!class_exists('WC_Install')) {
        fail('WooCommerce is not mounted at wp-content/plugins/woocommerce');
    }
    if (get_option('woocommerce_version') !== WC()->version || wc_get_page_id('checkout') < 1) {
        // A try that was killed in there leaves a lock of ten minutes; our own lock says that nobody else is at it.
        $wpdb->query("DELETE FROM {$wpdb->options} WHERE option_name = 'wc_installing'");
        delete_transient('wc_installing');
        WC_Install::install();
    }
    // What else waits for somebody to open wp-admin: high-performance order storage and a new shop's defaults.
    WC_Install::newly_installed();
    delete_transient('_wc_activation_redirect');

    // For good, whatever the steps above thought best.
    foreach (['woocommerce_coming_soon' => 'no', 'woocommerce_store_pages_only' => 'no', 'woocommerce_onboarding_profile' => ['skipped' => true]] as $name => $value) {
        update_option($name, $value);
    }
    // Without any way of shipping, a shop with its first product asks nobody for an address and calls itself ill.
    $everywhere = new WC_Shipping_Zone(0);
    $everywhere->get_shipping_methods() === [] && $everywhere->add_shipping_method('free_shipping');

    update_option('show_on_front', 'page');
    update_option('page_on_front', wc_get_page_id('shop'));
    WC_Post_types::register_taxonomies();
    WC_Post_types::register_post_types();
}

/** A shop that only looks installed is worse than one that failed. */
function look_at_result(string $platform): void
{
    $problems = [];
    get_option('permalink_structure') === '/%postname%/' || $problems[] = 'permalinks are not set';
    if ($platform === 'woocommerce') {
        foreach (['shop', 'cart', 'checkout', 'myaccount'] as $page) {
            get_post_status(wc_get_page_id($page)) === 'publish' || $problems[] = "the page \"$page\" is missing";
        }
        Automattic\WooCommerce\Utilities\OrderUtil::custom_orders_table_usage_is_enabled() || $problems[] = 'orders are not kept in their own tables';
        isset(WC()->payment_gateways()->get_available_payment_gateways()['cod']) || $problems[] = 'nobody can pay';
        get_option('woocommerce_coming_soon') === 'no' || $problems[] = 'the shop is hidden';
    }
    $problems === [] || fail(implode('; ', $problems));
}
