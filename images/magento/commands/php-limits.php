<?php
declare(strict_types=1);

/*
 * {} → {"phpMemory", "phpUpload", "phpSeconds", "phpInputVars", "phpWorkers"}: by what the PHP that runs goes from now on,
 * with what the platform has put into its file. Works without Magento. Licence: GPL-2.0-or-later.
 */
require __DIR__ . '/command.php';
require __DIR__ . '/../render.php';
require __DIR__ . '/../apply-php-limits.php';

umask(0027);
answer_with(static fn (): array => apply_php_limits('php-fpm'));
