<?php
declare(strict_types=1);

/*
 * One turn of Magento's clock → {"ran":true}; not while the shop is paused or not there yet. Afterwards whoever has
 * messages in a queue takes them, one after the other: Magento would start them all at once, beside the shop's pages,
 * and the container has not the memory for that. Licence: GPL-2.0-or-later.
 */
require __DIR__ . '/command.php';
require __DIR__ . '/console.php';
require __DIR__ . '/tidy.php';

const PAUSED = MAGENTO . '/var/.maintenance.flag';
const MESSAGES_A_TURN = '1000';

answer_with(static function (): array {
    if (shop_facts() === null || file_exists(PAUSED)) {
        return ['ran' => false];
    }
    tidy(MAGENTO . '/var');
    run_console('cron:run');
    foreach (waiting_consumers() as $consumer) {
        try {
            run_console('queue:consumers:start', ['consumer' => $consumer, '--single-thread' => true, '--max-messages' => MESSAGES_A_TURN]);
        } catch (RuntimeException $error) {
            // The others shall not wait for one that cannot do its work.
            fwrite(STDERR, "cron: $consumer: {$error->getMessage()}\n");
        }
    }
    return ['ran' => true];
});
