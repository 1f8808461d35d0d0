<?php
declare(strict_types=1);

require_once __DIR__ . '/away.php';

/*
 * The pause of shop-pause. WordPress' own (a file .maintenance in its folder) cannot be used: that folder is read-only,
 * and WordPress believes it for ten minutes only. Ours is a file on the shop's own disk: it outlives a restart, and
 * nothing that happens to the database in the meantime lifts it.
 */
const SHOP_PAUSE_MARK = '/var/tmp/.shop-paused';
const SHOP_PAUSE_RETRY_SECONDS = 60;

/**
 * For wp-config.php: ends every request of a paused shop, the administration's too, since nothing may change.
 * The platform's clock is told that there is nothing to do. Programs inside the container are not requests.
 */
function shop_stop_if_paused(): void
{
    if (PHP_SAPI === 'cli' || !is_file(SHOP_PAUSE_MARK)) {
        return;
    }
    if (($_SERVER['SCRIPT_NAME'] ?? '') === '/wp-cron.php') {
        http_response_code(204);
        exit;
    }
    shop_say_away(SHOP_PAUSE_RETRY_SECONDS, 'This shop is being worked on.');
}
