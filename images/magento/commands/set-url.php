<?php
declare(strict_types=1);

/* {"url":…} → {"url":…}: the shop's address, for all its store views. Licence: GPL-2.0-or-later. */
require __DIR__ . '/command.php';
require __DIR__ . '/url.php';

$input = read_input('url');
answer_with(static fn (): array => ['url' => set_url(base_url($input['url']))]);
