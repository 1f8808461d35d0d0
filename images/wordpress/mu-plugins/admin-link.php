<?php
/**
 * Plugin Name: Open admin
 * Description: Signs the owner in from the hosting's pages by a link that opens once.
 * License: GPL-2.0-or-later
 */

namespace ShopHosting\AdminLink;

require_once '/usr/local/lib/shop/admin-link.php';

/** The field of the form that the hosting's page sends here: never in an address, so in no log and no Referer. */
const FIELD = 'shophosting_admin_link';

/** Before plugins' own ideas of a request; a sign-in page that was moved or a cache in front changes nothing. */
function sign_in(): void {
	// phpcs:ignore WordPress.Security.NonceVerification -- the token is more than a nonce.
	$token = 'POST' === ( $_SERVER['REQUEST_METHOD'] ?? '' ) ? ( $_POST[ FIELD ] ?? null ) : null;
	if ( ! is_string( $token ) ) {
		return;
	}
	nocache_headers();
	header( 'Referrer-Policy: no-referrer' );
	// A second factor is a plugin of the owner's here, and asks for itself: `proven` is nothing to us.
	$link = shop_use_admin_link( $token, time() );
	$user = null === $link ? false : get_user_by( 'id', $link['user'] );
	if ( ! $user || ! user_can( $user, 'manage_options' ) ) {
		wp_die( 'This link has been used already, or is older than a minute. Go back to your hosting and open the administration from there again.', 'Open admin', array( 'response' => 403 ) );
	}
	wp_set_current_user( $user->ID );
	wp_set_auth_cookie( $user->ID, false, true );
	// As after the form: whoever watches sign-ins, or asks for a second factor, does.
	do_action( 'wp_login', $user->user_login, $user );
	wp_safe_redirect( admin_url(), 303 );
	exit;
}
add_action( 'init', __NAMESPACE__ . '\\sign_in', 1 );
