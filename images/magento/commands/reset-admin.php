<?php
declare(strict_types=1);

/* {"username":…,"password":…,"email":…} → {"username":…}. Licence: GPL-2.0-or-later. */
require __DIR__ . '/command.php';
require __DIR__ . '/admin.php';

$input = read_input('username', 'password', 'email');
answer_with(static function () use ($input): array {
    ensure_admin($input['username'], $input['password'], $input['email']);
    return ['username' => $input['username']];
});
