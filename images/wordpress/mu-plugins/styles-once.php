<?php
/**
 * Plugin Name: Styles once
 * Description: Spares WordPress making the theme's styles a second time for every page.
 * License: GPL-2.0-or-later
 */

namespace ShopHosting\StylesOnce;

/** Not the user's: WordPress reads those with the variations that the theme's have brought. */
const ORIGINS = array( 'core', 'blocks', 'theme' );

/**
 * WordPress keeps what it made of a theme.json until further blocks are registered, but writes down for which blocks it is
 * only when it is asked a second time, and so makes everything twice. This has it written down before the first time. What
 * is made already stays as it is, and blocks that come later have it made anew as ever.
 */
function write_down_blocks(): void {
	$resolver = new class() extends \WP_Theme_JSON_Resolver {
		public static function write_down_blocks(): void {
			foreach ( ORIGINS as $origin ) {
				if ( property_exists( self::class, $origin ) && null === static::$$origin && method_exists( self::class, 'has_same_registered_blocks' ) ) {
					static::has_same_registered_blocks( $origin );
				}
			}
		}
	};
	$resolver::write_down_blocks();
}
add_action( 'wp_loaded', __NAMESPACE__ . '\\write_down_blocks', PHP_INT_MAX );
