<?php
declare(strict_types=1);

require_once __DIR__ . '/sizes.php';
require_once __DIR__ . '/php-limits.php';
require_once __DIR__ . '/believed-gateway.php';

/** As php/*.ini have them; a test looks. */
const IMAGES_PHP_LIMITS = ['phpMemory' => 256, 'phpUpload' => 64, 'phpSeconds' => 120, 'phpInputVars' => 5000];
/** The longest that a request may take, where nobody has chosen a longer time. */
const LONGEST_REQUEST_SECONDS = 180;

/** The two configurations in /run/shop, by what this container may have and what was chosen. Throws RuntimeException. */
function render_configuration(): array
{
    return put_configurations([
        'limits' => IMAGES_PHP_LIMITS,
        'workers' => max_children(memory_limit_bytes()),
        'seconds' => LONGEST_REQUEST_SECONDS,
        'nginx' => ['{{REAL_IP}}' => believed_gateway()],
    ]);
}
