<?php
declare(strict_types=1);

/* What makes a shop that is nobody's its owner's. Licence: GPL-2.0-or-later. */

use Magento\Framework\Encryption\Encryptor;
use Magento\Framework\Encryption\EncryptorInterface;
use Magento\Framework\Indexer\ConfigInterface;
use Magento\Framework\Json\EncoderInterface;
use Magento\Framework\MessageQueue\ConnectionTypeResolver;
use Magento\Framework\MessageQueue\Topology\ConfigInterface as TopologyConfig;
use Magento\Framework\Setup\Lists;
use Magento\Indexer\Model\Indexer\State;

/** What Magento's installer draws by lot: the key of a second factor that nobody has chosen yet. */
const DRAWN_BY_LOT = 'twofactorauth/duo/application_key';

/**
 * May be done again, all of it, as long as nobody but us has been in. The account comes last: until then there is none.
 * Throws for a wish that Magento knows nothing of, and has changed nothing then.
 */
function hand_over(array $input): void
{
    $known = magento()->get(Lists::class);
    isset($known->getCurrencyList()[$input['currency']]) || throw new InvalidArgumentException("Magento knows no currency \"{$input['currency']}\"");
    isset($known->getLocaleList()[$input['locale']]) || throw new InvalidArgumentException("Magento knows no locale \"{$input['locale']}\"");
    // The row: what it says may be sealed with another shop's key.
    $isDrawn = shop_connect(5)->execute_query('SELECT 1 FROM core_config_data WHERE path = ?', [DRAWN_BY_LOT])->num_rows > 0;
    write_settings(($isDrawn ? [DRAWN_BY_LOT => bin2hex(random_bytes(32))] : []) + owners_settings($input));
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

/**
 * A copy has a message broker of its own, in which Magento's installer has made nothing. Throws where a queue is missing
 * afterwards: Magento itself only writes that into a log, and whatever is put into it would be lost.
 */
function declare_queues(): void
{
    if (host_of('QUEUE_HOST') === null) {
        return;
    }
    magento()->get(Magento\Framework\Amqp\TopologyInstaller::class)->install();
    $types = magento()->get(ConnectionTypeResolver::class);
    $brokers = magento()->get(Magento\Framework\Amqp\ConfigPool::class);
    foreach (magento()->get(TopologyConfig::class)->getQueues() as $queue) {
        if ($types->getConnectionType($queue->getConnection()) === 'amqp') {
            $brokers->get($queue->getConnection())->getChannel()->queue_declare($queue->getName(), passive: true);
        }
    }
}
