<?php
declare(strict_types=1);

/* How far the installation has come, kept where it cannot part from the data it speaks of. Licence: GPL-2.0-or-later. */
const MARK_TABLE = 'shophosting_install';

/**
 * True when everything is to be done: the database is then empty but for the mark "started". What an interrupted try
 * has left is dropped; only a mark that says "started" tells that it is one. What has tables without it is somebody's
 * shop and is not touched, and whatever the mark says, nothing is dropped where somebody has bought or signed up.
 */
function begin_installation(mysqli $database): bool
{
    $others = array_diff(tables_of($database), [MARK_TABLE]);
    $states = marks_of($database);
    if (in_array('finished', $states, true)) {
        return false;
    }
    if (!in_array('started', $states, true) && $others !== []) {
        in_array('core_config_data', $others, true) && in_array('setup_module', $others, true)
            || throw new RuntimeException('the database holds tables that are no Magento shop; nothing was changed');
        return false;
    }
    foreach (array_intersect(['sales_order', 'customer_entity'], $others) as $table) {
        $database->query("SELECT 1 FROM $table LIMIT 1")->num_rows === 0
            || throw new RuntimeException("the installation was not finished, but $table holds somebody's data; nothing was changed");
    }
    mark($database, 'started');
    drop_all_but_mark($database);
    return true;
}

/** From now on the database is somebody's shop. */
function finish_installation(mysqli $database): void
{
    mark($database, 'finished');
}

function mark(mysqli $database, string $state): void
{
    $database->query('CREATE TABLE IF NOT EXISTS ' . MARK_TABLE . ' (state VARCHAR(16) NOT NULL PRIMARY KEY)');
    $database->query('REPLACE INTO ' . MARK_TABLE . " VALUES ('$state')");
}

/** @return list<string> */
function marks_of(mysqli $database): array
{
    return in_array(MARK_TABLE, tables_of($database), true)
        ? array_column($database->query('SELECT state FROM ' . MARK_TABLE)->fetch_all(), 0)
        : [];
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
