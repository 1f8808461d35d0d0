<?php
/**
 * Plugin Name: Calls outside
 * Description: Where the machine has no internet, calls outside fail at once instead of after a minute.
 * License: GPL-2.0-or-later
 */

namespace ShopHosting\Outside;

require_once '/usr/local/lib/shop/outside.php';

const INSIDE = array( '127.0.0.1', 'localhost', 'db', 'cache' );

function is_outside( string $url ): bool {
	return ! in_array( strtolower( (string) wp_parse_url( $url, PHP_URL_HOST ) ), INSIDE, true );
}

/** @return mixed */
function refuse_at_once( $preempt, array $args, string $url ) {
	if ( false !== $preempt || ! is_outside( $url ) || ! shop_outside_is_away() ) {
		return $preempt;
	}
	return new \WP_Error( 'http_request_failed', 'This shop\'s server has no connection to the internet at the moment.' );
}
// After loopback.php (10): the shop's own address is no call outside.
add_filter( 'pre_http_request', __NAMESPACE__ . '\\refuse_at_once', 20, 3 );

/** A host that does not answer at all is given up after three seconds; a slow answer keeps its caller's time limit. */
function limit_connecting( $handle, array $args, string $url ): void {
	if ( is_outside( $url ) ) {
		curl_setopt( $handle, CURLOPT_CONNECTTIMEOUT_MS, (int) ( 1000 * min( 3, $args['timeout'] ?? 3 ) ) );
	}
}
add_action( 'http_api_curl', __NAMESPACE__ . '\\limit_connecting', 10, 3 );

/** Looks again, after the visitor has the page. */
function look_again_later(): void {
	static $planned = false;
	if ( $planned ) {
		return;
	}
	$planned = true;
	register_shutdown_function(
		static function () {
			if ( function_exists( 'fastcgi_finish_request' ) ) {
				fastcgi_finish_request();
			}
			shop_look_outside();
		}
	);
}

/** A name that did not resolve may be a typing error or the sign that nothing does. */
function notice_failures( $response, string $context, string $transport, array $args, string $url ): void {
	if ( is_wp_error( $response ) && is_outside( $url ) && preg_match( '/resolv/i', $response->get_error_message() ) ) {
		look_again_later();
	}
}
add_action( 'http_api_debug', __NAMESPACE__ . '\\notice_failures', 10, 5 );

// The platform's clock keeps the answer fresh, so that no visitor pays for it.
if ( wp_doing_cron() && is_file( SHOP_OUTSIDE_MARK ) ) {
	look_again_later();
}
