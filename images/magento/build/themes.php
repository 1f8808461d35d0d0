<?php
declare(strict_types=1);

/*
 * Writes config.with-themes.php: the deployment of static files asks the database which store views and themes there
 * are, unless the configuration tells. For the build only: in a shop the database is right. Licence: GPL-2.0-or-later.
 */
require __DIR__ . '/project.php';

$config = require CONFIG;
$website = static fn (string $id, string $code): array => ['website_id' => $id, 'code' => $code, 'name' => $code, 'sort_order' => '0',
    'default_group_id' => $id, 'is_default' => $id];
$group = static fn (string $id, string $code): array => ['group_id' => $id, 'website_id' => $id, 'name' => $code, 'root_category_id' => '0',
    'default_store_id' => $id, 'code' => $code];
$store = static fn (string $id, string $code): array => ['store_id' => $id, 'code' => $code, 'website_id' => $id, 'group_id' => $id,
    'name' => $code, 'sort_order' => '0', 'is_active' => '1'];
$config['scopes'] = [
    'websites' => ['admin' => $website('0', 'admin'), 'base' => $website('1', 'base')],
    'groups' => [$group('0', 'default'), $group('1', 'main_website_store')],
    'stores' => ['admin' => $store('0', 'admin'), 'default' => $store('1', 'default')],
];
foreach (themes() as $code => $theme) {
    $path = substr($code, strlen($theme['area']) + 1);
    $config['themes'][$code] = [
        'parent_id' => $theme['parent'] === null ? null : substr($theme['parent'], strlen($theme['area']) + 1),
        'theme_path' => $path, 'theme_title' => $theme['title'], 'is_featured' => '0', 'area' => $theme['area'], 'type' => '0', 'code' => $path,
    ];
}
write_config($config, PROJECT . '/app/etc/config.with-themes.php');
