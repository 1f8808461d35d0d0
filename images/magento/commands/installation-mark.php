<?php
declare(strict_types=1);

/* How far the installation has come, kept where it cannot part from the data it speaks of. Licence: GPL-2.0-or-later. */
const MARK_TABLE = 'shophosting_install';

/**
 * True when everything is to be done: the database is then empty but for the mark "started". What an interrupted try
 * has left is dropped; what has tables without our mark is somebody's shop and is not touched.
 */
function begin_installation(mysqli $database): bool
{
    $tables = tables_of($database);
    $isMarked = in_array(MARK_TABLE, $tables, true);
    if ($isMarked && $database->query('SELECT 1 FROM ' . MARK_TABLE . " WHERE state = 'finished'")->num_rows > 0) {
        return false;
    }
    if (!$isMarked && $tables !== []) {
        in_array('core_config_data', $tables, true) && in_array('setup_module', $tables, true)
            || throw new RuntimeException('the database holds tables that are no Magento shop; nothing was changed');
        return false;
    }
    $database->query('CREATE TABLE IF NOT EXISTS ' . MARK_TABLE . ' (state VARCHAR(16) NOT NULL PRIMARY KEY)');
    drop_all_but_mark($database);
    return true;
}

/** From now on the database is somebody's shop. */
function finish_installation(mysqli $database): void
{
    $database->query('CREATE TABLE IF NOT EXISTS ' . MARK_TABLE . ' (state VARCHAR(16) NOT NULL PRIMARY KEY)');
    $database->query('REPLACE INTO ' . MARK_TABLE . " VALUES ('finished')");
}

/** @return list<string> */
function tables_of(mysqli $database): array
{
    return array_column($database->query('SHOW TABLES')->fetch_all(), 0);
}

function drop_all_but_mark(mysqli $database): void
{
    $database->query('SET FOREIGN_KEY_CHECKS = 0');
    foreach ($database->query('SHOW FULL TABLES')->fetch_all() as [$name, $type]) {
        if ($name !== MARK_TABLE) {
            $database->query(($type === 'VIEW' ? 'DROP VIEW' : 'DROP TABLE') . " `$name`");
        }
    }
    $database->query('SET FOREIGN_KEY_CHECKS = 1');
}
