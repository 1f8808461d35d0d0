<?php
/**
 * What a visitor sees while the shop's database restarts. Licence: GPL-2.0-or-later.
 */
if ( PHP_SAPI === 'cli' ) {
	fwrite( STDERR, "The database cannot be used: " . ( $GLOBALS['wpdb']->error ?? $GLOBALS['wpdb']->last_error ?? '' ) . "\n" );
	exit( 1 );
}
http_response_code( 503 );
header( 'Retry-After: 15' );
header( 'Cache-Control: no-store' );
header( 'Content-Type: text/html; charset=utf-8' );
?>
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="15">
<title>Back in a moment</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem;color:#1d2327}</style>
<h1>Back in a moment</h1>
<p>This shop is just restarting. The page tries again by itself.</p>
</html>
