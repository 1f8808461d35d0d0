<?php
declare(strict_types=1);

use Magento\Framework\App\Config\Storage\WriterInterface;
use Magento\Framework\App\ResourceConnection;

/** Gives the shop this address. Returns it; settings and pages that name another one are forgotten. */
function set_url(string $url): string
{
    // Before the shop's own, which tells what they begin with.
    $moved = move_addresses($url);
    if (write_settings(['web/unsecure/base_url' => $url, 'web/secure/base_url' => $url]) || $moved) {
        forget_caches();
    }
    return $url;
}

/** Addresses below the shop's, of a website, a store view or a kind of files, move along; others are their owner's. */
function move_addresses(string $url): bool
{
    $connection = magento()->get(ResourceConnection::class)->getConnection();
    $rows = $connection->fetchAll($connection->select()->from($connection->getTableName('core_config_data'))
        ->where('path REGEXP ?', '^web/(un)?secure/base(_link|_static|_media)?_url$'));
    $isOwn = static fn (array $row): bool => $row['scope'] === 'default' && str_ends_with($row['path'], '/base_url');
    $before = array_diff(array_column(array_filter($rows, $isOwn), 'value'), [$url]);
    $moved = false;
    foreach ($rows as $row) {
        foreach ($isOwn($row) ? [] : $before as $old) {
            if (str_starts_with((string) $row['value'], $old)) {
                magento()->get(WriterInterface::class)->save($row['path'], $url . substr($row['value'], strlen($old)), $row['scope'], $row['scope_id']);
                $moved = true;
                break;
            }
        }
    }
    return $moved;
}
