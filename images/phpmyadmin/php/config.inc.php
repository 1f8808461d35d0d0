<?php
declare(strict_types=1);

/*
 * Signed in by itself, with the user that was made for this opening and may do nothing but this store's database.
 * Licence: GPL-2.0-or-later.
 */
$cfg['TempDir'] = '/tmp';
$cfg['blowfish_secret'] = '';
$cfg['Servers'][1] = [
    'auth_type' => 'config',
    'host' => (string) getenv('DB_HOST'),
    'user' => (string) getenv('DB_USER'),
    'password' => rtrim((string) file_get_contents('/run/secrets/shop/db-password'), "\r\n"),
    'only_db' => (string) getenv('DB_NAME'),
    'verbose' => 'Database of your store',
    'hide_connection_errors' => true,
];
$cfg['ServerDefault'] = 1;
$cfg['AllowArbitraryServer'] = false;
$cfg['AllowThirdPartyFraming'] = false;
$cfg['VersionCheck'] = false;
$cfg['SendErrorReports'] = 'never';
$cfg['ShowPhpInfo'] = false;
$cfg['ShowChgPassword'] = false;
$cfg['ShowCreateDb'] = false;
$cfg['PmaNoRelation_DisableWarning'] = true;
