<?php
/**
 * Plugin Name: Calls to itself
 * Description: Sends the shop's calls to its own address to its own web server instead of through the internet.
 * License: GPL-2.0-or-later
 */

namespace ShopHosting\Loopback;

const WEB_SERVER = 'http://127.0.0.1:8080';

/** `host` or `host:port`, lower-case; empty for what is no web address. */
function authority( string $url ): string {
	$parts = wp_parse_url( $url );
	if ( ! is_array( $parts ) || ! in_array( strtolower( $parts['scheme'] ?? '' ), array( 'http', 'https' ), true ) ) {
		return '';
	}
	return strtolower( $parts['host'] ?? '' ) . ( isset( $parts['port'] ) ? ':' . $parts['port'] : '' );
}

function is_ours( string $url ): bool {
	$authority = authority( $url );
	return '' !== $authority && ( authority( home_url() ) === $authority || authority( site_url() ) === $authority );
}

/** The same request, addressed to the web server beside us, with the shop's name in the Host header. */
function ask_web_server( string $url, array $args ) {
	$headers = is_array( $args['headers'] ?? null ) ? $args['headers'] : \WP_Http::processHeaders( (string) ( $args['headers'] ?? '' ) )['headers'];
	$pairs   = array();
	foreach ( \WP_Http::normalize_cookies( $args['cookies'] ?? array() ) as $cookie ) {
		// Cookies are bound to the shop's name, not to 127.0.0.1: they travel as the header they would become.
		$pairs[] = $cookie->name . '=' . $cookie->value;
	}
	if ( $pairs ) {
		$headers['Cookie'] = implode( '; ', $pairs );
	}
	$headers['Host'] = authority( $url );
	// The web server keeps wp-cron.php for the platform's clock and for the shop itself.
	$headers['X-Shop-Cron'] = '1';

	$parts = wp_parse_url( $url );
	$path  = ( $parts['path'] ?? '/' ) . ( isset( $parts['query'] ) ? '?' . $parts['query'] : '' );
	return wp_remote_request(
		WEB_SERVER . $path,
		array(
			'headers'            => $headers,
			'cookies'            => array(),
			'redirection'        => 0,
			'reject_unsafe_urls' => false,
		) + $args
	);
}

/** @return mixed */
function call_ourselves( $preempt, array $args, string $url ) {
	if ( false !== $preempt || ! is_ours( $url ) ) {
		return $preempt;
	}
	for ( $hops = (int) ( $args['redirection'] ?? 5 ); ; $hops-- ) {
		$response = ask_web_server( $url, $args );
		$location = is_wp_error( $response ) ? '' : wp_remote_retrieve_header( $response, 'location' );
		$status   = (int) wp_remote_retrieve_response_code( $response );
		if ( $hops <= 0 || ! is_string( $location ) || '' === $location || $status < 300 || $status > 399 ) {
			return $response;
		}
		if ( 303 === $status || ( $status < 303 && 'POST' === strtoupper( $args['method'] ?? 'GET' ) ) ) {
			$args = array( 'method' => 'GET', 'body' => null ) + $args;
		}
		$url = \WP_Http::make_absolute_url( $location, $url );
		if ( ! is_ours( $url ) ) {
			return wp_remote_request( $url, array( 'redirection' => $hops - 1 ) + $args );
		}
	}
}
add_filter( 'pre_http_request', __NAMESPACE__ . '\\call_ourselves', 10, 3 );
