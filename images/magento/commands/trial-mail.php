<?php
declare(strict_types=1);

/*
 * {"to"} → {"message"}: a mail as the shop writes all of its own, in base64 as our sendmail would have handed it on, or
 * null where an extension sends mail by itself. Its words are those of Magento's contact form. Licence: GPL-2.0-or-later.
 */
require __DIR__ . '/command.php';
require __DIR__ . '/../trial-mail.php';

use Magento\Framework\DataObject;
use Magento\Framework\Mail\Template\TransportBuilder;

$to = read_input('to')['to'];
filter_var($to, FILTER_VALIDATE_EMAIL) !== false || fail('"to" is no address');
answer_with(static function () use ($to): array {
    $store = magento()->get(Magento\Store\Model\StoreManagerInterface::class)->getDefaultStoreView();
    $send = static function () use ($to, $store): void {
        $words = new DataObject(['name' => $store->getFrontendName(), 'email' => $to, 'telephone' => '', 'comment' => 'A test that you asked for on your hosting\'s pages.']);
        magento()->get(TransportBuilder::class)
            ->setTemplateIdentifier('contact_email_email_template')
            ->setTemplateOptions(['area' => 'frontend', 'store' => $store->getId()])
            ->setTemplateVars(['data' => $words])
            ->setFromByScope('general', $store->getId())
            ->addTo($to)
            ->getTransport()
            ->sendMessage();
    };
    return ['message' => trial_mail($send)];
});
