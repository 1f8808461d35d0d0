<?php
declare(strict_types=1);

/* {"paused":true|false} → {"paused":…}: nginx answers 503 while Magento's own flag is there. Licence: GPL-2.0-or-later. */
require __DIR__ . '/command.php';

const FLAG = MAGENTO . '/var/.maintenance.flag';

$input = read_input();
is_bool($input['paused'] ?? null) || fail('"paused" must be true or false');
answer_with(static function () use ($input): array {
    $done = $input['paused'] ? touch(FLAG) : (!file_exists(FLAG) || unlink(FLAG));
    $done || throw new RuntimeException(FLAG . ' cannot be changed');
    return ['paused' => $input['paused']];
});
