<?php
declare(strict_types=1);

/* How far the installation has come, kept where it cannot part from the data it speaks of. Licence: GPL-2.0-or-later. */
const MARK_TABLE = 'shophosting_install';

enum Installation: string
{
    /** Everything is to be done. */
    case Started = 'started';
    /** A whole shop that is nobody's: it waits for its owner, or has been copied for one. */
    case Unowned = 'unowned';
    case Finished = 'finished';
}

/**
 * How far it is. Started: the database is then empty but for that mark. What an interrupted try has left is dropped; only
 * a mark that says "started" tells that it is one. What has tables without it is somebody's shop and is not touched, and
 * whatever the mark says, nothing is dropped, nor handed out, where somebody has bought or signed up.
 */
function begin_installation(mysqli $database): Installation
{
    $others = array_diff(tables_of($database), [MARK_TABLE]);
    $states = marks_of($database);
    if (in_array(Installation::Finished->value, $states, true)) {
        return Installation::Finished;
    }
    $waits = in_array(Installation::Unowned->value, $states, true);
    if (!$waits && !in_array(Installation::Started->value, $states, true) && $others !== []) {
        in_array('core_config_data', $others, true) && in_array('setup_module', $others, true)
            || throw new RuntimeException('the database holds tables that are no Magento shop; nothing was changed');
        return Installation::Finished;
    }
    foreach (array_intersect(['sales_order', 'customer_entity'], $others) as $table) {
        $database->query("SELECT 1 FROM $table LIMIT 1")->num_rows === 0
            || throw new RuntimeException("the shop is nobody's, but $table holds somebody's data; nothing was changed");
    }
    if ($waits) {
        return Installation::Unowned;
    }
    mark($database, Installation::Started);
    drop_all_but_mark($database);
    return Installation::Started;
}

/** From now on it is as far as that. A kill in between leaves two words, of which the later one counts. */
function mark(mysqli $database, Installation $state): void
{
    $database->query('CREATE TABLE IF NOT EXISTS ' . MARK_TABLE . ' (state VARCHAR(16) NOT NULL PRIMARY KEY)');
    $database->query('REPLACE INTO ' . MARK_TABLE . " VALUES ('$state->value')");
    $database->query('DELETE FROM ' . MARK_TABLE . " WHERE state <> '$state->value'");
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
