<?php
declare(strict_types=1);

/*
 * Shows the start page of a shop that is nobody's yet, to nobody: for what WordPress and WooCommerce write down the first
 * time a page is shown. Called by finish.php; exit 0 = it was shown whole.
 */
const SHOP_PROGRAM = 'shop-install (start page)';
require __DIR__ . '/../program.php';
require __DIR__ . '/hand-over.php';

stand_at(NOBODY['url']);
answer_with(static function (): void {
    define('WP_USE_THEMES', true);
    require '/var/www/html/wp-blog-header.php';
});
