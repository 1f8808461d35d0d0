<?php
declare(strict_types=1);

// Run in the background by the entrypoint, so that the first page already knows.
require __DIR__ . '/outside.php';
shop_look_outside();
