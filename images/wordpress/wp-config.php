<?php
/**
 * The configuration of every shop: read-only, the same for all, and without a secret in it.
 * What differs comes from the environment (where the database is) and from /run/secrets/shop (passwords and salts).
 * Licence: GPL-2.0-or-later.
 */

require_once '/usr/local/lib/shop/paused.php';
shop_stop_if_paused();

define( 'DB_HOST', (string) getenv( 'DB_HOST' ) );
define( 'DB_NAME', (string) getenv( 'DB_NAME' ) );
define( 'DB_USER', (string) getenv( 'DB_USER' ) );
define( 'DB_PASSWORD', rtrim( (string) file_get_contents( '/run/secrets/shop/db-password' ), "\r\n" ) );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );
$table_prefix = 'shop_';

( static function () {
	$salts = json_decode( (string) file_get_contents( '/run/secrets/shop/wp-salts.json' ), true );
	foreach ( array( 'AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT' ) as $name ) {
		if ( ! is_string( $salts[ $name ] ?? null ) || strlen( $salts[ $name ] ) < 32 ) {
			// Without it WordPress would quietly make one in the database; better not to start than to start weak.
			http_response_code( 500 );
			exit( 'The shop\'s secrets are incomplete.' );
		}
		define( $name, $salts[ $name ] );
	}
} )();

// TLS ends at the edge; wp-cli has no request at all. Both must build https addresses.
$_SERVER['HTTPS'] = 'on';

// The platform brings core, WooCommerce and their updates; the owner brings plugins and themes.
define( 'FS_METHOD', 'direct' );
define( 'DISALLOW_FILE_EDIT', true );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'WP_AUTO_UPDATE_CORE', false );
define( 'FORCE_SSL_ADMIN', true );
define( 'WP_ENVIRONMENT_TYPE', 'production' );
define( 'WP_DEBUG', false );

// The platform's clock calls /wp-cron.php; no visitor waits for it.
define( 'DISABLE_WP_CRON', true );

define( 'WP_MEMORY_LIMIT', '256M' );
define( 'WP_MAX_MEMORY_LIMIT', '256M' );
define( 'WP_POST_REVISIONS', 20 );
define( 'WP_TEMP_DIR', '/var/tmp' );

// Object cache: the shop's own Redis (wp-content/object-cache.php).
define( 'WP_REDIS_HOST', (string) ( getenv( 'CACHE_HOST' ) ?: 'cache' ) );
define( 'WP_REDIS_PORT', (int) ( getenv( 'CACHE_PORT' ) ?: 6379 ) );
define( 'WP_CACHE_KEY_SALT', DB_NAME );

if ( ! defined( 'ABSPATH' ) ) {
	define( 'ABSPATH', '/var/www/html/' );
}
require_once ABSPATH . 'wp-settings.php';
