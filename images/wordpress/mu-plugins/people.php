<?php
/**
 * Plugin Name: People
 * Description: Keeps account names to the people they belong to.
 * License: GPL-2.0-or-later
 */

namespace ShopHosting\People;

/** A new account's public address never repeats its login name. */
function neutral_nicename( array $data, bool $update, ?int $id, array $given ): array {
	if ( ! $update && '' === (string) ( $given['user_nicename'] ?? '' ) ) {
		$data['user_nicename'] = 'p-' . strtolower( wp_generate_password( 10, false ) );
	}
	return $data;
}
add_filter( 'wp_pre_insert_user_data', __NAMESPACE__ . '\\neutral_nicename', 10, 4 );

/** Lists of people are for those who manage the shop. */
function hide_users_from_strangers( $result, \WP_REST_Server $server, \WP_REST_Request $request ) {
	if ( null === $result && preg_match( '#^/wp/v2/users(?:/|$)#', $request->get_route() ) && ! is_user_logged_in() ) {
		return new \WP_Error( 'rest_user_cannot_view', __( 'Sorry, you are not allowed to list users.' ), array( 'status' => 401 ) );
	}
	return $result;
}
add_filter( 'rest_pre_dispatch', __NAMESPACE__ . '\\hide_users_from_strangers', 10, 3 );

/** Author pages (`?author=1`, `/author/…`) tell who may log in; a shop has no use for them. */
function no_author_pages(): void {
	if ( is_author() || ( isset( $_GET['author'] ) && ! is_admin() ) ) { // phpcs:ignore WordPress.Security.NonceVerification
		global $wp_query;
		$wp_query->set_404();
		status_header( 404 );
		nocache_headers();
		remove_action( 'template_redirect', 'redirect_canonical' );
	}
}
add_action( 'template_redirect', __NAMESPACE__ . '\\no_author_pages', 1 );

add_filter(
	'wp_sitemaps_add_provider',
	static fn ( $provider, string $name ) => 'users' === $name ? false : $provider,
	10,
	2
);

/** Embeds name the shop instead of a person. */
add_filter(
	'oembed_response_data',
	static function ( array $data ): array {
		unset( $data['author_url'] );
		$data['author_name'] = get_bloginfo( 'name' );
		return $data;
	}
);

/** A wrong name and a wrong password look the same. */
function one_answer( $user ) {
	$telling = array( 'invalid_username', 'invalid_email', 'incorrect_password', 'invalidcombo' );
	if ( is_wp_error( $user ) && array_intersect( $telling, $user->get_error_codes() ) ) {
		return new \WP_Error( 'incorrect_password', __( '<strong>Error:</strong> The username or password you entered is incorrect.' ) );
	}
	return $user;
}
add_filter( 'authenticate', __NAMESPACE__ . '\\one_answer', 999 );
