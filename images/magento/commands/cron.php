<?php
declare(strict_types=1);

/* One turn of Magento's clock → {"ran":true}; not while the shop is paused or not there yet. Licence: GPL-2.0-or-later. */
require __DIR__ . '/command.php';
require __DIR__ . '/console.php';

const PAUSED = MAGENTO . '/var/.maintenance.flag';

answer_with(static function (): array {
    if (shop_facts() === null || file_exists(PAUSED)) {
        return ['ran' => false];
    }
    run_console('cron:run');
    return ['ran' => true];
});
