<?php
/**
 * Plugin Name: Maintenance
 * Description: While its owner has said so on the hosting's pages, visitors see a note; administrators see the shop.
 * License: GPL-2.0-or-later
 */

namespace ShopHosting\Maintenance;

require_once '/usr/local/lib/shop/away.php';
require_once '/usr/local/lib/shop/maintenance.php';

const RETRY_SECONDS = 300;

/**
 * Signing in, the pages of the administration, whoever administers the shop; and who brings the header that the edge
 * takes from every visitor: the platform's clock and its looks at the shop, and the shop's calls to itself.
 */
function lets_in(): bool {
	if ( isset( $_SERVER['HTTP_X_SHOP_CRON'] ) || 'wp-login.php' === $GLOBALS['pagenow'] ) {
		return true;
	}
	// Beside the pages stands what answers visitors' scripts and forms.
	$is_page = is_admin() && ! wp_doing_ajax() && 'admin-post.php' !== $GLOBALS['pagenow'];
	return $is_page || current_user_can( 'manage_options' ) || brings_application_password();
}

/** An administrator's program: WordPress itself looks at such a password only once it is in its REST API. */
function brings_application_password(): bool {
	if ( ! isset( $_SERVER['PHP_AUTH_USER'] ) ) {
		return false;
	}
	add_filter( 'application_password_is_api_request', '__return_true' );
	$id = wp_validate_application_password( false );
	remove_filter( 'application_password_is_api_request', '__return_true' );
	return is_int( $id ) && user_can( $id, 'manage_options' );
}

/** After the link that signs the owner in; before anything takes an order. */
function close(): void {
	if ( 'cli' === PHP_SAPI || ! shop_in_maintenance() || lets_in() ) {
		return;
	}
	shop_say_away( RETRY_SECONDS, esc_html( get_bloginfo( 'name' ) ) . ' is being worked on.' );
}
add_action( 'init', __NAMESPACE__ . '\\close', 2 );

/** Who works in the shop sees it as ever, and could forget. */
function remind(): void {
	if ( shop_in_maintenance() ) {
		echo '<div class="notice notice-warning"><p>Visitors see a maintenance page. You switch it off on your hosting\'s pages, under Settings.</p></div>';
	}
}
add_action( 'admin_notices', __NAMESPACE__ . '\\remind' );
