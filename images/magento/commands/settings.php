<?php
declare(strict_types=1);

/* What a shop here needs to be set, and the look at the finished one. Licence: GPL-2.0-or-later. */
require_once __DIR__ . '/shop-settings.php';

use Magento\Analytics\Model\Config\Backend\Enabled\SubscriptionHandler;

/** What follows from where the shop runs; put right at every installation. */
function surroundings(string $engine): array
{
    $search = $engine === 'opensearch' ? 'opensearch' : $engine;
    return [
        'catalog/search/engine' => $engine,
        // Through nginx, which ends a question that takes too long; Magento itself waits for ever.
        "catalog/search/{$search}_server_hostname" => '127.0.0.1',
        "catalog/search/{$search}_server_port" => '8083',
        "catalog/search/{$search}_server_timeout" => '10',
        'system/full_page_cache/caching_application' => host_of('VARNISH_HOST') === null ? '1' : '2',
        // The maker's news, asked for each hour that somebody is signed in: the question tells where the administration is,
        // which is not to be found. In the admin only how often can be set, so that this stays.
        'system/adminnotification/feed_url' => '',
    ] + one_process_clock();
}

/**
 * One turn of the clock is one process: the lock of shop-cron then holds for all of it, and the container has the memory
 * for it. Extensions bring groups of their own.
 */
function one_process_clock(): array
{
    $groups = array_keys(magento()->get(Magento\Cron\Model\ConfigInterface::class)->getJobs());
    return array_fill_keys(array_map(static fn (string $group): string => "system/cron/$group/use_separate_process", $groups), '0');
}

/** A new shop's settings, whoever gets it; from then on they are the owner's. */
function first_settings(): array
{
    return [
        'system/smtp/disable' => '0',
        'web/secure/use_in_frontend' => '1',
        'web/secure/use_in_adminhtml' => '1',
        'web/cookie/cookie_httponly' => '1',
        // An authenticator on the owner's phone: it needs no account elsewhere.
        'twofactorauth/general/force_providers' => 'google',
        // Calls to the maker, which fail offline and tell about a shop otherwise.
        'analytics/subscription/enabled' => '0',
        'admin/usage/enabled' => '0',
        'currency/import/enabled' => '0',
        'payment/checkmo/active' => '1',
        'carriers/flatrate/active' => '1',
    ];
}

/**
 * Advanced reporting signs every new shop up: each hour of its first day it hands the maker the shop's address and a key,
 * and never asks whether it is switched on.
 */
function take_back_sign_up(): void
{
    // A project may come without it.
    if (class_exists(SubscriptionHandler::class)) {
        magento()->get(SubscriptionHandler::class)->processDisabled();
        magento()->get(Magento\Framework\App\Config\Storage\WriterInterface::class)->delete(SubscriptionHandler::CRON_STRING_PATH);
    }
}

/** Where env.php says nothing of the cache of pages it is new, and all caches are switched on; else its owner has chosen. */
function enable_caches(): void
{
    if (magento()->get(Magento\Framework\App\DeploymentConfig::class)->get('cache_types/full_page') === null) {
        $caches = magento()->get(Magento\Framework\App\Cache\Manager::class);
        $caches->setEnabled($caches->getAvailableTypes(), true);
    }
}

/** A new shop gets all its indexes; one whose search engine has lost what it knew gets that again. */
function build_missing_index(bool $all): void
{
    try {
        $all || ask_for_products(shop_connect(5), 5);
        $needed = $all ? null : [];
    } catch (RuntimeException) {
        $needed = ['catalogsearch_fulltext'];
    }
    foreach (magento()->get(Magento\Indexer\Model\Indexer\CollectionFactory::class)->create()->getItems() as $indexer) {
        if ($needed === null || in_array($indexer->getId(), $needed, true)) {
            $indexer->reindexAll();
        }
        $all && $indexer->setScheduled(true);
    }
}

/** A shop that only looks installed is worse than one that failed. */
function look_at_result(string $url, bool $first): void
{
    ask_for_products(shop_connect(5), 5);
    $curl = curl_init('http://127.0.0.1:8082/' . ($first ? '' : 'rest/V1/directory/currency'));
    curl_setopt_array($curl, [
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 60,
        CURLOPT_PROXY => '',
        CURLOPT_HTTPHEADER => ['Host: ' . substr(rtrim($url, '/'), strlen('https://'))],
    ]);
    $page = (string) curl_exec($curl);
    $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
    $status === 200 || throw new RuntimeException("the shop's own page is answered with $status " . substr(strip_tags($page), 0, 200));
    $first && !str_contains($page, 'Magento_Theme') && throw new RuntimeException('the home page is no page of Magento');
}
