<?php
/**
 * Plugin Name: Site Health
 * Description: Leaves out the checks that are the platform's business, and says plainly when there is no internet.
 * License: GPL-2.0-or-later
 */

namespace ShopHosting\SiteHealth;

require_once '/usr/local/lib/shop/outside.php';

/** Core, its updates, PHP and the web server come with the platform: the owner can do nothing about these, and nothing is wrong. */
const PLATFORM = array(
	'direct' => array( 'wordpress_version', 'php_version', 'plugin_theme_auto_updates' ),
	'async'  => array( 'background_updates', 'page_cache' ),
);

function choose( array $tests ): array {
	foreach ( PLATFORM as $kind => $names ) {
		foreach ( $names as $name ) {
			unset( $tests[ $kind ][ $name ] );
		}
	}
	if ( shop_outside_is_away() ) {
		unset( $tests['async']['dotorg_communication'] );
		$tests['direct']['shop_outside'] = array(
			'label' => 'Connection to the internet',
			'test'  => __NAMESPACE__ . '\\no_internet',
		);
	}
	return $tests;
}
add_filter( 'site_status_tests', __NAMESPACE__ . '\\choose' );

function no_internet(): array {
	return array(
		'label'       => 'This shop\'s server has no connection to the internet',
		'status'      => 'recommended',
		'badge'       => array( 'label' => 'Hosting', 'color' => 'blue' ),
		'description' => '<p>The catalogues of plugins and themes cannot be searched from here. Uploading a plugin or a theme as a zip file works.</p>',
		'actions'     => '',
		'test'        => 'shop_outside',
	);
}

/** Pictures are made by GD; ImageMagick is left out on purpose. */
add_filter(
	'site_status_test_php_modules',
	static fn ( array $modules ): array => array_diff_key( $modules, array( 'imagick' => '' ) )
);
