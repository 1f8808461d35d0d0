<?php
declare(strict_types=1);

/* Magento itself, for our own programs and for the page that signs the owner in. Licence: GPL-2.0-or-later. */

require_once __DIR__ . '/facts.php';

use Magento\Framework\App\Bootstrap;
use Magento\Framework\ObjectManagerInterface;

const MAGENTO = '/var/www/magento';

/** The installed shop's Magento, in its admin area. Once a process. Throws where there is no shop yet. */
function magento(): ObjectManagerInterface
{
    static $objects = null;
    if ($objects === null) {
        shop_facts() === null && throw new RuntimeException('there is no shop yet');
        require_once MAGENTO . '/app/bootstrap.php';
        set_error_handler([new Magento\Framework\App\ErrorHandler(), 'handler']);
        $objects = Bootstrap::create(BP, $_SERVER)->getObjectManager();
        $objects->get(Magento\Framework\App\State::class)->setAreaCode('adminhtml');
        $objects->configure($objects->get(Magento\Framework\ObjectManager\ConfigLoaderInterface::class)->load('adminhtml'));
    }
    return $objects;
}
