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

/**
 * What the owner's first password is kept as costs this much, in powers of two: it is as random as a key, which no
 * slowness protects any better. WordPress puts its own cost in place at the first sign-in.
 */
const FIRST_PASSWORD_COST = 5;

/** A shop that waits for its owner, with as little of WordPress as that takes: it was looked at when it was installed. */
function take_over(array $input): array
{
    define('SHORTINIT', true);
    define('WP_INSTALLING', true);
    require '/var/www/html/wp-load.php';
    foreach (['l10n', 'class-wp-textdomain-registry', 'kses', 'pluggable'] as $part) {
        require_once ABSPATH . WPINC . "/$part.php";
    }
    $GLOBALS['wp_textdomain_registry'] = new WP_Textdomain_Registry();
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
    $wpdb->query('START TRANSACTION');
    give_account($input);
    give_address($input['url']);
    $title = sanitize_option('blogname', $input['title']);
    $facts = ['blogname' => $title, 'timezone_string' => $input['timezone']];
    if ($input['platform'] === 'woocommerce') {
        $facts += [
            'woocommerce_default_country' => $input['country'],
            'woocommerce_currency' => $input['currency'],
            'woocommerce_store_id' => wp_generate_uuid4(),
            'woocommerce_admin_install_timestamp' => (string) time(),
        ];
    }
    put_options($facts);
    replace_copies([NOBODY['title'] => $title, NOBODY['email'] => $input['adminEmail']]);
    put_options([SHOP_MARK => SHOP_FINISHED]);
    $wpdb->query('COMMIT');
    wp_cache_flush();
    tell_of_leftovers();
}

/** Of the title and the address of mail: whom a shop tells that something is sold out, where a gateway pays to. */
function replace_copies(array $ours): void
{
    global $wpdb;
    $conditions = array_map(static fn (string $nobodys): string => $wpdb->prepare('option_value LIKE %s', '%' . $wpdb->esc_like($nobodys) . '%'), array_keys($ours));
    foreach ($wpdb->get_results("SELECT option_name, option_value FROM {$wpdb->options} WHERE " . implode(' OR ', $conditions)) as $row) {
        $values = is_serialized($row->option_value) ? unserialize($row->option_value, ['allowed_classes' => false]) : [$row->option_value];
        if (!is_array($values)) {
            continue;
        }
        array_walk_recursive($values, static function (mixed &$value) use ($ours): void {
            $value = is_string($value) ? ($ours[$value] ?? $value) : $value;
        });
        put_options([$row->option_name => is_serialized($row->option_value) ? serialize($values) : $values[0]]);
    }
}

/** Into the table itself: nothing that listens to options is loaded, and what remembers them is emptied afterwards. */
function put_options(array $values): void
{
    global $wpdb;
    foreach ($values as $name => $value) {
        $wpdb->query($wpdb->prepare(
            "INSERT INTO {$wpdb->options} (option_name, option_value) VALUES (%s, %s) ON DUPLICATE KEY UPDATE option_value = VALUES(option_value)",
            $name,
            $value,
        ));
    }
}

function give_account(array $input): void
{
    global $wpdb;
    $id = $wpdb->get_var($wpdb->prepare(
        "SELECT ID FROM {$wpdb->users} u JOIN {$wpdb->usermeta} m ON m.user_id = u.ID AND m.meta_key = %s AND m.meta_value LIKE %s WHERE user_login = %s",
        $wpdb->prefix . 'capabilities',
        '%' . $wpdb->esc_like('s:13:"administrator";b:1;') . '%',
        NOBODY['username'],
    ));
    $id !== null || fail('there is no account that could be its owner\'s');
    add_filter('wp_hash_password_options', static fn (): array => ['cost' => FIRST_PASSWORD_COST]);
    $wpdb->update($wpdb->users, [
        'user_login' => $input['adminUsername'],
        'user_email' => $input['adminEmail'],
        'user_registered' => gmdate('Y-m-d H:i:s'),
        // Slashed like everything that comes by a form: the sign-in page compares it that way.
        'user_pass' => wp_hash_password(wp_slash($input['adminPassword'])),
    ], ['ID' => $id]);
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
    put_options(['siteurl' => $url, 'home' => $url]);
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
    $rows === [] || tell(SHOP_PROGRAM . ': still nobody\'s: ' . implode(', ', $rows));
}
