<?php
declare(strict_types=1);

/* What makes a shop that is nobody's its owner's. Licence: GPL-2.0-or-later. */

use Magento\Framework\Encryption\Encryptor;
use Magento\Framework\Encryption\EncryptorInterface;
use Magento\Framework\Indexer\ConfigInterface;
use Magento\Framework\Json\EncoderInterface;
use Magento\Indexer\Model\Indexer\State;

/** What Magento's installer draws by lot: the key of a second factor that nobody has chosen yet. */
const DRAWN_BY_LOT = 'twofactorauth/duo/application_key';

/** May be done again, all of it, as long as nobody but us has been in. The account comes last: until then there is none. */
function hand_over(array $input): void
{
    $drawn = value_of(DRAWN_BY_LOT) === '' ? [] : [DRAWN_BY_LOT => bin2hex(random_bytes(32))];
    write_settings($drawn + owners_settings($input));
    sign_indexes();
    ensure_admin($input['adminUsername'], $input['adminPassword'], $input['adminEmail']);
}

/** @return array<string, string> what was wished for, under the paths where Magento keeps it */
function owners_settings(array $input): array
{
    $settings = [];
    foreach (SETTING_PATHS as $name => $paths) {
        $settings += array_fill_keys($paths, $input[$name]);
    }
    foreach (SENDERS as $sender) {
        $settings["trans_email/ident_$sender/name"] = $input['title'];
        $settings["trans_email/ident_$sender/email"] = $input['adminEmail'];
    }
    return $settings;
}

/**
 * Magento signs with the shop's key how each index was made, and an upgrade makes anew what is signed otherwise: a copy has
 * a key of its own. As Magento\Indexer\Setup\Recurring does it.
 */
function sign_indexes(): void
{
    $encryptor = magento()->get(EncryptorInterface::class);
    $encoder = magento()->get(EncoderInterface::class);
    foreach (magento()->get(ConfigInterface::class)->getIndexers() as $id => $facts) {
        $signature = $encryptor->hash($encoder->encode($facts), Encryptor::HASH_VERSION_MD5);
        $state = magento()->create(State::class)->loadByIndexer($id);
        $state->getHashConfig() === $signature || $state->setHashConfig($signature)->save();
    }
}

/** A copy has a message broker of its own, in which Magento's installer has made nothing. */
function declare_queues(): void
{
    if (host_of('QUEUE_HOST') !== null) {
        magento()->get(Magento\Framework\Amqp\TopologyInstaller::class)->install();
    }
}
