<?php
/**
 * What a visitor sees while the shop's database restarts. Licence: GPL-2.0-or-later.
 */
if ( PHP_SAPI === 'cli' ) {
	fwrite( STDERR, "The database cannot be used: " . ( $GLOBALS['wpdb']->error ?? $GLOBALS['wpdb']->last_error ?? '' ) . "\n" );
	exit( 1 );
}
require_once '/usr/local/lib/shop/away.php';
shop_say_away( 15, 'This shop is just restarting.' );
