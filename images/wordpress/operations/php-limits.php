<?php
declare(strict_types=1);

/*
 * In: {}. Out: {"phpMemory", "phpUpload", "phpSeconds", "phpInputVars", "phpWorkers"}: by what the PHP that runs goes from
 * now on, with what the platform has put into its file. Works without database and without WordPress.
 */
const SHOP_PROGRAM = 'shop-php-limits';
require __DIR__ . '/../program.php';
require __DIR__ . '/../render.php';
require __DIR__ . '/../apply-php-limits.php';

umask(0027);
answer_with(static function (): array {
    try {
        return apply_php_limits('php-fpm8.4');
    } catch (RuntimeException $error) {
        fail($error->getMessage());
    }
});
