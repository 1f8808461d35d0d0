<?php
declare(strict_types=1);

/*
 * What of the Magento image's code needs no Magento, tested in the container of the other PHP tests: its files lie in
 * SHOP as the image has them.
 */
const SHOP = '/tests/shop';

require __DIR__ . '/../bootstrap.php';
require SHOP . '/commands/command.php';
require SHOP . '/commands/installation-mark.php';
require SHOP . '/commands/shop-settings.php';
require SHOP . '/commands/tidy.php';
require SHOP . '/admin-link.php';
require SHOP . '/administrator.php';
require SHOP . '/looks.php';
require SHOP . '/search.php';
require SHOP . '/render.php';

putenv('SHOP_PLATFORM=magento');
file_put_contents('/run/secrets/shop/application-key', "0123456789abcdef\n");
file_put_contents('/run/secrets/shop/queue-password', 'queue-test-password');
