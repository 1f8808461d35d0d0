<?php
/**
 * Plugin Name: Quiet
 * Description: No calls of the visitor's browser to third parties that nobody asked for, and no version numbers.
 * License: GPL-2.0-or-later
 */

namespace ShopHosting\Quiet;

add_filter( 'the_generator', '__return_empty_string' );
remove_action( 'wp_head', 'wp_generator' );
remove_action( 'wp_head', 'rsd_link' );
remove_action( 'wp_head', 'wlwmanifest_link' );
add_action( 'init', static fn () => remove_action( 'wp_head', 'wc_generator_tag' ) );
add_filter( 'xmlrpc_enabled', '__return_false' );
add_filter( 'wp_headers', static fn ( array $headers ): array => array_diff_key( $headers, array( 'X-Pingback' => '' ) ) );

// Emoji pictures come from s.w.org; every browser of today has its own.
remove_action( 'wp_head', 'print_emoji_detection_script', 7 );
remove_action( 'wp_print_styles', 'print_emoji_styles' );
add_action(
	'admin_init',
	static function () {
		remove_action( 'admin_print_scripts', 'print_emoji_detection_script' );
		remove_action( 'admin_print_styles', 'print_emoji_styles' );
	}
);
add_filter( 'emoji_svg_url', '__return_false' );
remove_filter( 'wp_mail', 'wp_staticize_emoji_for_email' );
remove_filter( 'the_content_feed', 'wp_staticize_emoji' );
remove_filter( 'comment_text_rss', 'wp_staticize_emoji' );

// News and events of wordpress.org, asked for at every look at the dashboard.
add_action( 'wp_dashboard_setup', static fn () => remove_meta_box( 'dashboard_primary', 'dashboard', 'side' ) );

// WooCommerce's offers and usage reports.
add_filter( 'woocommerce_allow_marketplace_suggestions', '__return_false' );
add_filter( 'woocommerce_apply_user_tracking', '__return_false' );
