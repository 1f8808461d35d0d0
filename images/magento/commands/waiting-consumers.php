<?php
declare(strict_types=1);

/* Names of the consumers that have messages, as JSON: the child of waiting_consumers(). Licence: GPL-2.0-or-later. */
require __DIR__ . '/command.php';

use Magento\Framework\MessageQueue\Consumer\ConfigInterface;
use Magento\MessageQueue\Model\CheckIsAvailableMessagesInQueue;

answer_with(static function (): array {
    $queues = magento()->get(CheckIsAvailableMessagesInQueue::class);
    $waiting = [];
    foreach (magento()->get(ConfigInterface::class)->getConsumers() as $consumer) {
        try {
            $queues->execute($consumer->getConnection(), $consumer->getQueue()) && $waiting[] = $consumer->getName();
        } catch (Throwable) {
            // A queue of a connection that this shop has not.
        }
    }
    return $waiting;
});
