<?php
declare(strict_types=1);

/*
 * Installs and configures the shop. Called by /usr/local/bin/shop-install, which holds the lock and the time limit.
 *
 * In: one JSON object on standard input; docs/reference/magento-image.md says which. Nothing of it becomes an argument.
 * Out: one JSON object on the last line. Exit 0 = installed, configured and looked at.
 *
 * A shop is installed as nobody's first, and then handed over to its owner. The first takes some ten seconds and is the
 * same for every shop, so a shop may also come here as a copy of one that was installed elsewhere. With "forNobody" it is
 * left to wait.
 *
 * Safe to repeat and to kill at any moment. A table of our own in the shop's database tells the cases apart
 * (installation-mark.php): an empty database and an interrupted try begin anew, for nobody's data is in them; what waits
 * for its owner is handed over, all of it again where that was interrupted; in somebody's shop only address and
 * surroundings are put right, never title, password or settings.
 * Licence: GPL-2.0-or-later.
 */
require __DIR__ . '/command.php';
require __DIR__ . '/console.php';
require __DIR__ . '/install-input.php';
require __DIR__ . '/installation-mark.php';
require __DIR__ . '/set-up.php';
require __DIR__ . '/settings.php';
require __DIR__ . '/hand-over.php';
require __DIR__ . '/admin.php';
require __DIR__ . '/url.php';
require __DIR__ . '/../search.php';

$input = read_install_input();
answer_with(static function () use ($input): array {
    // Before anything is lost: an interrupted try ends in the next line.
    want_no_copies(10);
    $state = begin_installation(shop_connect(10));
    $first = $state === Installation::Started;
    $isOwned = $state === Installation::Finished;
    $isOwned && $input['forNobody'] && throw new RuntimeException('the shop is somebody\'s; nothing was changed');
    $first && set_up_database($input['adminPath']);
    // Written for all: a shop that was moved or copied here has other hosts and passwords around it.
    $facts = ['adminPath' => $input['adminPath'], 'installedAt' => ($isOwned ? shop_facts()['installedAt'] ?? null : null) ?? date('r')];
    write_environment($facts);
    write_whole(SHOP_FACTS, json_encode($facts, JSON_THROW_ON_ERROR));
    $isOwned && bring_up_to_date();
    enable_caches();
    // Once more, in our own form: the next start of the container then finds nothing to change.
    write_environment($facts);
    write_settings(surroundings(search_engine(10)));
    if ($first) {
        write_settings(first_settings());
        take_back_sign_up();
    }
    $state === Installation::Unowned && declare_queues();
    $isOwned || $input['forNobody'] || hand_over($input);
    set_url($input['url']);
    build_missing_index($first);
    forget_caches();
    look_at_result($input['url'], !$isOwned);
    mark(shop_connect(10), $input['forNobody'] ? Installation::Unowned : Installation::Finished);
    $version = (string) magento()->get(Magento\Framework\App\ProductMetadataInterface::class)->getVersion();
    return ['installed' => true, 'first' => !$isOwned, 'versions' => ['application' => $version, 'magento' => $version], 'settings' => shop_settings()];
});
