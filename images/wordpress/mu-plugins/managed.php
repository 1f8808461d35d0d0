<?php
/**
 * Plugin Name: Managed by the platform
 * Description: Core and WooCommerce come with the platform and so do their updates; plugins and themes are the owner's.
 * License: GPL-2.0-or-later
 */

namespace ShopHosting\Managed;

const WOOCOMMERCE = 'woocommerce/woocommerce.php';

/** Is WooCommerce mounted here by the platform? In a plain WordPress an owner may install (and delete) it himself. */
function brings_woocommerce(): bool {
	return 'woocommerce' === getenv( 'SHOP_PLATFORM' ) && is_file( WP_PLUGIN_DIR . '/' . WOOCOMMERCE );
}

/** Core is not the owner's to change, and WooCommerce not to switch off. */
function take_capabilities( array $caps, string $cap, int $user_id, array $args ): array {
	$never = array( 'update_core', 'edit_plugins', 'edit_themes', 'edit_files' );
	if ( in_array( $cap, $never, true ) || ( 'deactivate_plugin' === $cap && WOOCOMMERCE === ( $args[0] ?? '' ) && brings_woocommerce() ) ) {
		return array( 'do_not_allow' );
	}
	return $caps;
}
add_filter( 'map_meta_cap', __NAMESPACE__ . '\\take_capabilities', 10, 4 );

/** Always active, whatever the option says; and WordPress deletes no active plugin. */
function keep_woocommerce_active( $active ) {
	$active = is_array( $active ) ? $active : array();
	if ( brings_woocommerce() && ! in_array( WOOCOMMERCE, $active, true ) ) {
		$active[] = WOOCOMMERCE;
		sort( $active );
	}
	return $active;
}
add_filter( 'option_active_plugins', __NAMESPACE__ . '\\keep_woocommerce_active' );
add_filter( 'default_option_active_plugins', __NAMESPACE__ . '\\keep_woocommerce_active' );

function explain_woocommerce( array $actions, string $plugin ): array {
	if ( WOOCOMMERCE === $plugin && brings_woocommerce() ) {
		unset( $actions['deactivate'], $actions['delete'] );
		$actions['managed'] = 'Kept up to date by your hosting';
	}
	return $actions;
}
add_filter( 'plugin_action_links', __NAMESPACE__ . '\\explain_woocommerce', 100, 2 );

// --- updates that come with the platform ------------------------------------------------------------------------

function no_core_updates(): object {
	return (object) array(
		'updates'         => array(),
		'translations'    => array(),
		'version_checked' => wp_get_wp_version(),
		'last_checked'    => time(),
	);
}
add_filter( 'pre_site_transient_update_core', __NAMESPACE__ . '\\no_core_updates' );
remove_action( 'admin_notices', 'update_nag', 3 );
add_action( 'admin_init', static fn () => remove_action( 'admin_notices', 'update_nag', 3 ) );

function no_woocommerce_updates( $updates ) {
	if ( is_object( $updates ) && brings_woocommerce() ) {
		unset( $updates->response[ WOOCOMMERCE ], $updates->no_update[ WOOCOMMERCE ] );
	}
	return $updates;
}
add_filter( 'site_transient_update_plugins', __NAMESPACE__ . '\\no_woocommerce_updates' );

/** Nobody replaces or removes the mounted folder by uploading a zip of the same name: the mount would refuse it anyway, halfway. */
function refuse_replacing( $allowed, array $context ) {
	if ( is_wp_error( $allowed ) || ! brings_woocommerce() ) {
		return $allowed;
	}
	if ( WOOCOMMERCE === ( $context['plugin'] ?? '' ) ) {
		return new \WP_Error( 'managed', 'WooCommerce is kept up to date by your hosting.' );
	}
	return $allowed;
}
add_filter( 'upgrader_pre_install', __NAMESPACE__ . '\\refuse_replacing', 10, 2 );

function refuse_uploading( $source, $remote_source, $upgrader ) {
	if ( ! is_wp_error( $source ) && brings_woocommerce() && $upgrader instanceof \Plugin_Upgrader && 'woocommerce' === basename( $source ) ) {
		return new \WP_Error( 'managed', 'WooCommerce is kept up to date by your hosting.' );
	}
	return $source;
}
add_filter( 'upgrader_source_selection', __NAMESPACE__ . '\\refuse_uploading', 10, 3 );
