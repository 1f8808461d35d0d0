<?php
declare(strict_types=1);

/*
 * Installs and configures the shop. Called by /usr/local/bin/shop-install, which holds the lock and the time limit.
 *
 * In: one JSON object on standard input; docs/reference/magento-image.md says which. Nothing of it becomes an argument.
 * Out: one JSON object on the last line. Exit 0 = installed, configured and looked at.
 *
 * Safe to repeat and to kill at any moment. A table of our own in the shop's database tells the cases apart
 * (installation-mark.php): an empty database and an interrupted try begin anew, for nobody's data is in them; in
 * somebody's shop only address and surroundings are put right, never title, password or settings.
 * Licence: GPL-2.0-or-later.
 */
require __DIR__ . '/command.php';
require __DIR__ . '/console.php';
require __DIR__ . '/install-input.php';
require __DIR__ . '/installation-mark.php';
require __DIR__ . '/set-up.php';
require __DIR__ . '/settings.php';
require __DIR__ . '/admin.php';
require __DIR__ . '/url.php';
require __DIR__ . '/../search.php';

$input = read_install_input();
answer_with(static function () use ($input): array {
    // Before anything is lost: an interrupted try ends in the next line.
    want_no_copies(10);
    $first = begin_installation(shop_connect(10));
    if ($first) {
        set_up_database($input);
    }
    // Written for both: a shop that was moved here has other hosts and passwords around it.
    $facts = ['adminPath' => $input['adminPath'], 'installedAt' => shop_facts()['installedAt'] ?? date('r')];
    write_environment($facts);
    write_whole(SHOP_FACTS, json_encode($facts, JSON_THROW_ON_ERROR));
    $first || bring_up_to_date();
    enable_caches();
    write_settings(surroundings(search_engine(10)));
    if ($first) {
        write_settings(first_settings($input));
        take_back_sign_up();
        ensure_admin($input['adminUsername'], $input['adminPassword'], $input['adminEmail']);
    }
    set_url($input['url']);
    build_missing_index($first);
    forget_caches();
    look_at_result($input['url'], $first);
    finish_installation(shop_connect(10));
    $version = (string) magento()->get(Magento\Framework\App\ProductMetadataInterface::class)->getVersion();
    return ['installed' => true, 'first' => $first, 'versions' => ['application' => $version, 'magento' => $version], 'settings' => shop_settings()];
});
