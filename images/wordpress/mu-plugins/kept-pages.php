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

/** Settings that show on pages, whoever changes them. What somebody who manages the shop saves counts besides, whatever it is. */
const SHOWN_OPTIONS = array( 'home', 'siteurl', 'blogname', 'blogdescription', 'site_icon', 'site_logo', 'WPLANG', 'timezone_string', 'gmt_offset', 'date_format', 'time_format', 'start_of_week', 'show_on_front', 'page_on_front', 'page_for_posts', 'wp_page_for_privacy_policy', 'posts_per_page', 'permalink_structure', 'category_base', 'tag_base', 'blog_public', 'stylesheet', 'template', 'sidebars_widgets', 'sticky_posts', 'active_plugins' );
const SHOWN_PREFIXES = array( 'theme_mods_', 'widget_', 'woocommerce_' );
/** WooCommerce's notes about its own administration, and a secret place that it draws by lot with a shop's first page. */
const NEVER_SHOWN = '/^woocommerce_(?:admin_|task_list_|onboarding_|marketplace_|tracker_|allow_tracking|helper_|db_|schema_|queue_|meta_box_errors|maybe_|newly_installed|refund_returns_page_|maxmind_geolocation_)/';
/** What WordPress and plugins note for themselves beside what somebody saves. */
const NOTES = '/^(?:_transient_|_site_transient_|cron$|action_scheduler_|schema-ActionScheduler|wc_remote_inbox_|wc_admin_|wc_blocks_db_|rewrite_rules$|recently_activated$|recently_edited$|auto_core_update|auto_plugin_theme_update|auto_update_|core_updater|uninstall_plugins$|can_compress_scripts$|admin_email|adminhash$|new_admin_email$|user_count$|fresh_site$|https_detection|dismissed_update)|(?:^|[_.-])(?:lock|last_run|last_check|heartbeat)(?:[_.-]|$)/i';

/** Fields of posts that show, whoever changes them: a visitor who buys, a program that imports. */
const SHOWN_FIELDS = array( '_price', '_regular_price', '_sale_price', '_stock', '_stock_status', '_thumbnail_id', '_product_image_gallery' );
/** Fields of posts and terms that show nowhere, or are made of what shows: locks, counters, what a plugin puts aside while it draws. */
const NEVER_SHOWN_FIELDS = '/^(?:_edit_|_encloseme$|_pingme$|_wp_old_|_wp_trash_|_wp_desired_|_oembed_|_transient_|total_sales$|_elementor_(?:css|page_assets|element_cache|controls_usage)$)|(?:^|[_-])(?:views?|hits|clicks|impressions|counter|lock)(?:[_-]|$)/i';

/** A request that works for long says so no more often than that. */
const TOLD_AT_MOST_EVERY_SECONDS = 5;

/** What the edge is answered when a page for nobody is of no use: `NOT_SHARED` of its configuration. It remembers that for a minute. */
const NOT_SHARED = 470;

/**
 * At once, since a request may be ended before its end, and once more at its end: then all of it is in the database. What
 * takes long says so in between.
 */
function changed(): void {
	static $told_at = null;
	if ( defined( 'WP_SETUP_CONFIG' ) ) {
		return;
	}
	if ( null === $told_at ) {
		add_action( 'shutdown', __NAMESPACE__ . '\\tell', PHP_INT_MAX );
	}
	$now = hrtime( true ) / 1e9;
	if ( null === $told_at || $now - $told_at >= TOLD_AT_MOST_EVERY_SECONDS ) {
		$told_at = $now;
		tell();
	}
}

function tell(): void {
	// Never written through a link: what it leads to may be anything of the shop's.
	if ( is_link( SIGNAL ) ) {
		@unlink( SIGNAL );
	}
	@file_put_contents( SIGNAL, uniqid( '', true ) . "\n" );
}

/** Does somebody with one of these rights save something, by a form, a script or the REST API? Looking at pages is no work. */
function is_work_of( string ...$rights ): bool {
	$is_saving = in_array( $_SERVER['REQUEST_METHOD'] ?? '', array( 'POST', 'PUT', 'PATCH', 'DELETE' ), true );
	// An open page of the administration calls every minute. Before `init` nobody knows who asks.
	$is_heartbeat = wp_doing_ajax() && 'heartbeat' === ( $_POST['action'] ?? '' ); // phpcs:ignore WordPress.Security.NonceVerification
	return $is_saving && ! $is_heartbeat && 0 < did_action( 'init' ) && array_filter( $rights, 'current_user_can' );
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
	$name = (string) $name;
	if ( in_array( $name, SHOWN_OPTIONS, true ) || ( ! preg_match( NEVER_SHOWN, $name ) && is_shown_option( $name ) ) ) {
		changed();
	}
}

function is_shown_option( string $name ): bool {
	foreach ( SHOWN_PREFIXES as $prefix ) {
		if ( str_starts_with( $name, $prefix ) ) {
			return true;
		}
	}
	// A form of the administration's own has asked for the right it needs.
	$is_form = 'options.php' === ( $GLOBALS['pagenow'] ?? '' );
	return ! preg_match( NOTES, $name ) && ( $is_form || is_work_of( 'manage_options', 'manage_woocommerce' ) );
}
foreach ( array( 'added_option', 'updated_option', 'deleted_option' ) as $hook ) {
	add_action( $hook, __NAMESPACE__ . '\\option_changed' );
}

function post_field_changed( $_, $post_id, $name ): void {
	$is_shown = in_array( $name, SHOWN_FIELDS, true ) || ( ! preg_match( NEVER_SHOWN_FIELDS, (string) $name ) && is_work_of( 'edit_posts' ) );
	if ( $is_shown && is_shown( $post_id ) ) {
		changed();
	}
}

function term_field_changed( $_, $term_id, $name ): void {
	// WooCommerce keeps the order of categories, and of an attribute's values, in a field of each.
	$is_order = str_starts_with( (string) $name, 'order' );
	if ( $is_order || ( ! preg_match( NEVER_SHOWN_FIELDS, (string) $name ) && is_work_of( 'manage_categories', 'edit_posts' ) ) ) {
		changed();
	}
}
foreach ( array( 'added', 'updated', 'deleted' ) as $what ) {
	add_action( "{$what}_post_meta", __NAMESPACE__ . '\\post_field_changed', 10, 3 );
	add_action( "{$what}_term_meta", __NAMESPACE__ . '\\term_field_changed', 10, 3 );
}

function terms_changed( $_, $taxonomy ): void {
	if ( 'nav_menu' === $taxonomy || is_taxonomy_viewable( $taxonomy ) ) {
		changed();
	}
}
add_action( 'clean_term_cache', __NAMESPACE__ . '\\terms_changed', 10, 2 );

/** WooCommerce updates a customer with each order, and anybody may ask for a new password. Only who writes is named on pages. */
function person_changed( $id, $before ): void {
	$now = get_userdata( $id );
	foreach ( array( 'display_name', 'user_nicename', 'user_url' ) as $shown ) {
		if ( $now && $now->$shown !== $before->$shown ) {
			writer_changed( $id );
			return;
		}
	}
}
add_action( 'profile_update', __NAMESPACE__ . '\\person_changed', 10, 2 );

function person_field_changed( $_, $id, $name ): void {
	if ( 'description' === $name || 'nickname' === $name ) {
		writer_changed( $id );
	}
}
add_action( 'updated_user_meta', __NAMESPACE__ . '\\person_field_changed', 10, 3 );

function writer_changed( $id ): void {
	if ( user_can( $id, 'edit_posts' ) || 0 < (int) count_user_posts( $id, get_post_types( array( 'public' => true ) ), true ) ) {
		changed();
	}
}

foreach (
	array(
		'created_term', 'edited_term', 'delete_term',
		'wp_update_nav_menu', 'wp_delete_nav_menu',
		'switch_theme', 'customize_save_after',
		'activated_plugin', 'deactivated_plugin', 'upgrader_process_complete',
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
	if ( ! $is_private || headers_sent() ) {
		return;
	}
	if ( is_for_nobody() ) {
		not_shared();
		exit;
	}
	nocache_headers();
}

/** Does the hosting ask, to keep what it gets? */
function is_for_nobody(): bool {
	return 'whole' === ( $_SERVER['HTTP_X_SHOP_PAGE'] ?? '' );
}

/** With no header by which it would not be remembered. Visitors' own requests then come one beside the other. */
function not_shared(): void {
	header_remove();
	// Also the words of the status that WordPress has set: they would stand for it.
	header( 'HTTP/1.1 ' . NOT_SHARED . ' Not Shared', true, NOT_SHARED );
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
	if ( is_for_nobody() ) {
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
	// Sent elsewhere for now: nobody keeps that, and who waits for it need not.
	if ( in_array( http_response_code(), array( 302, 303, 307, 308 ), true ) ) {
		not_shared();
	}
	if ( NOT_SHARED === http_response_code() ) {
		header( 'Content-Length: 0' );
		return '';
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
