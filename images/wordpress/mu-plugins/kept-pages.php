<?php
/**
 * Plugin Name: Kept pages
 * Description: Tells the hosting when something changes that visitors see, so that it shows no page of before; and keeps it from keeping what is one person's.
 * License: GPL-2.0-or-later
 */

namespace ShopHosting\KeptPages;

/** The platform watches this file's time; what is in it does not matter. */
const SIGNAL = WP_CONTENT_DIR . '/cache/purge';

/** Posts that no visitor opens, and that yet are part of what visitors see. */
const PARTS_OF_PAGES = array( 'product_variation', 'nav_menu_item', 'wp_template', 'wp_template_part', 'wp_block', 'wp_global_styles', 'wp_navigation', 'custom_css', 'attachment' );

/** Settings that show on pages. What is saved by a form of the administration's own counts besides, whatever it is. */
const SHOWN_OPTIONS = array( 'home', 'siteurl', 'blogname', 'blogdescription', 'site_icon', 'WPLANG', 'timezone_string', 'gmt_offset', 'date_format', 'time_format', 'start_of_week', 'show_on_front', 'page_on_front', 'page_for_posts', 'posts_per_page', 'permalink_structure', 'category_base', 'tag_base', 'blog_public', 'stylesheet', 'template', 'sidebars_widgets', 'sticky_posts', 'active_plugins' );
const SHOWN_PREFIXES = array( 'theme_mods_', 'widget_', 'woocommerce_' );
/** WooCommerce's notes about its own administration, and a secret place that it draws by lot with a shop's first page. */
const NEVER_SHOWN = '/^woocommerce_(?:admin_|task_list_|onboarding_|marketplace_|tracker_|allow_tracking|helper_|db_|schema_|queue_|meta_box_errors|maybe_|newly_installed|refund_returns_page_|maxmind_geolocation_)/';

/** At the end of this request, once, however much it changed: then all of it is in the database. */
function changed(): void {
	static $is_noted = false;
	if ( ! $is_noted && ! defined( 'WP_SETUP_CONFIG' ) ) {
		$is_noted = true;
		add_action( 'shutdown', __NAMESPACE__ . '\\tell', PHP_INT_MAX );
	}
}

function tell(): void {
	// Never written through a link: what it leads to may be anything of the shop's.
	if ( is_link( SIGNAL ) ) {
		@unlink( SIGNAL );
	}
	@file_put_contents( SIGNAL, uniqid( '', true ) . "\n" );
}

function is_shown( $post ): bool {
	$post = get_post( $post );
	if ( null === $post || 'auto-draft' === $post->post_status ) {
		return false;
	}
	return in_array( $post->post_type, PARTS_OF_PAGES, true ) || is_post_type_viewable( $post->post_type );
}

function post_changed( $id, $post = null ): void {
	if ( is_shown( $post ?? $id ) ) {
		changed();
	}
}
add_action( 'clean_post_cache', __NAMESPACE__ . '\\post_changed', 10, 2 );
// Once it is deleted nothing tells any more what it was.
add_action( 'before_delete_post', __NAMESPACE__ . '\\post_changed', 10, 2 );

function comments_changed( $post_id, $new, $old ): void {
	if ( (int) $new !== (int) $old && is_shown( $post_id ) ) {
		changed();
	}
}
add_action( 'wp_update_comment_count', __NAMESPACE__ . '\\comments_changed', 10, 3 );

function comment_edited( $id ): void {
	$comment = get_comment( $id );
	if ( $comment && '1' === $comment->comment_approved && is_shown( $comment->comment_post_ID ) ) {
		changed();
	}
}
add_action( 'edit_comment', __NAMESPACE__ . '\\comment_edited' );

function option_changed( $name ): void {
	$is_shown = in_array( $name, SHOWN_OPTIONS, true ) || 'options.php' === ( $GLOBALS['pagenow'] ?? '' );
	foreach ( SHOWN_PREFIXES as $prefix ) {
		$is_shown = $is_shown || ( str_starts_with( (string) $name, $prefix ) && ! preg_match( NEVER_SHOWN, (string) $name ) );
	}
	if ( $is_shown ) {
		changed();
	}
}
foreach ( array( 'added_option', 'updated_option', 'deleted_option' ) as $hook ) {
	add_action( $hook, __NAMESPACE__ . '\\option_changed' );
}

foreach (
	array(
		'created_term', 'edited_term', 'delete_term',
		'wp_update_nav_menu', 'wp_delete_nav_menu',
		'switch_theme', 'customize_save_after',
		'activated_plugin', 'deactivated_plugin', 'upgrader_process_complete',
		'profile_update',
		'woocommerce_new_product', 'woocommerce_update_product', 'woocommerce_update_product_variation',
		'woocommerce_updated_product_stock', 'woocommerce_product_set_stock', 'woocommerce_variation_set_stock',
		'woocommerce_product_set_stock_status', 'woocommerce_variation_set_stock_status',
		'woocommerce_updated_product_price', 'woocommerce_delete_product_transients',
		'woocommerce_tax_rate_added', 'woocommerce_tax_rate_updated', 'woocommerce_tax_rate_deleted',
		'woocommerce_attribute_added', 'woocommerce_attribute_updated', 'woocommerce_attribute_deleted',
	) as $hook
) {
	add_action( $hook, __NAMESPACE__ . '\\changed', 10, 0 );
}

/**
 * Cart, checkout and account say so by this constant, by whatever address and in whatever language; so do plugins that know
 * of page caches. And by where a visitor comes from, prices may be others.
 */
function keep_private(): void {
	$is_private = says_private() || 'geolocation' === get_option( 'woocommerce_default_customer_address' );
	if ( $is_private && ! headers_sent() ) {
		nocache_headers();
	}
}

function says_private(): bool {
	return defined( 'DONOTCACHEPAGE' ) && DONOTCACHEPAGE;
}
add_action( 'template_redirect', __NAMESPACE__ . '\\keep_private', PHP_INT_MAX );

/**
 * The hosting keeps only pages that tell their length first, so that no page can fill its disk. Asked for one by it, this
 * holds the page back until it is whole, and packs it: done later it would have no length again.
 */
function whole_page(): void {
	if ( 'whole' === ( $_SERVER['HTTP_X_SHOP_PAGE'] ?? '' ) ) {
		ob_start( __NAMESPACE__ . '\\with_length' );
		// PHP itself ends it, when nothing more can come.
		remove_action( 'shutdown', 'wp_ob_end_flush_all', 1 );
	}
}
add_action( 'template_redirect', __NAMESPACE__ . '\\whole_page', PHP_INT_MIN );

function with_length( string $page, int $phase ): string {
	// Ended before its time by somebody who sends something else, or thrown away, it is not the page.
	$is_whole = ( PHP_OUTPUT_HANDLER_START | PHP_OUTPUT_HANDLER_FINAL ) === $phase && 0 < did_action( 'shutdown' );
	if ( ! $is_whole || headers_sent() || preg_grep( '/^Content-(?:Length|Encoding):/i', headers_list() ) ) {
		return $page;
	}
	// A block or a form may have said so only while it was drawn. Nothing of WordPress that needs the database is there any more.
	if ( says_private() ) {
		nocache_headers();
	} elseif ( ! preg_grep( '/^(?:Cache-Control|Expires|Pragma):/i', headers_list() ) ) {
		// So long the hosting may show it while it asks for the next one (RFC 5861); browsers never see this.
		header( 'Cache-Control: stale-while-revalidate=60' );
	}
	$packed = strlen( $page ) > 1000 && 'gzip' === ( $_SERVER['HTTP_ACCEPT_ENCODING'] ?? '' ) ? gzencode( $page, 5 ) : false;
	if ( is_string( $packed ) ) {
		header( 'Content-Encoding: gzip' );
		$page = $packed;
	}
	header( 'Vary: Accept-Encoding', false );
	header( 'Content-Length: ' . strlen( $page ) );
	return $page;
}
