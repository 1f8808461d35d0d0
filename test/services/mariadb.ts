import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitForDatabase } from '../../src/adapters/mysql/wait-for-database.ts';
import { runCommand } from '../../src/adapters/process/run-command.ts';
import { HOUR, MINUTE, SECOND } from '../../src/lib/time.ts';
import type { DatabaseServer } from './database-server.ts';
import { freePort } from './free-port.ts';

const PROGRAM = { path: '/usr/sbin/mariadbd' };
const PACKAGE = 'mariadb-server-core';
const SQL_FOLDER = '/usr/share/mysql';
const START_TIMEOUT_MS = 60 * SECOND;
const PASSWORD = 'only-for-this-test';

/**
 * Debian's MariaDB from a folder of its own below /tmp, on a loopback port. Installs the package when it is missing (the
 * server program only: no service is set up). Throws when it cannot be had; it dies with us, however we end.
 */
export async function startMariadb(): Promise<DatabaseServer> {
  await installWhenMissing();
  const folder = await mkdtemp(join(tmpdir(), 'shophosting-mariadb-'));
  // Nothing of it outlives the test, so nothing has to reach the disk.
  const options = [
    '--no-defaults',
    `--datadir=${folder}/data`,
    // A server that starts removes every temporary table of its tmpdir: those of another one in /tmp too.
    `--tmpdir=${folder}/tmp`,
    '--user=root',
    '--innodb-log-file-size=16M',
    '--innodb-flush-method=nosync',
  ];
  await mkdir(join(folder, 'data'));
  await mkdir(join(folder, 'tmp'));
  await runCommand(PROGRAM, [...options, '--bootstrap', '--skip-networking'], { input: await systemTables() });
  await writeFile(join(folder, 'init.sql'), ADMIN_SQL);
  const port = await freePort();
  const ending = new AbortController();
  const ended = runCommand(
    PROGRAM,
    [
      ...options,
      '--bind-address=127.0.0.1',
      `--port=${port}`,
      `--socket=${folder}/socket`,
      `--pid-file=${folder}/pid`,
      `--init-file=${folder}/init.sql`,
      '--innodb-flush-log-at-trx-commit=0',
      '--skip-innodb-doublewrite',
      '--skip-name-resolve',
    ],
    { signal: ending.signal, timeoutMs: HOUR },
  );
  const admin = { host: '127.0.0.1', port, user: 'admin', password: PASSWORD };
  await Promise.race([
    waitForDatabase(admin, AbortSignal.timeout(START_TIMEOUT_MS)),
    ended.then(() => Promise.reject(new Error('MariaDB ended before it was ready.'))),
  ]);
  return {
    admin,
    async stop() {
      ending.abort();
      // It was told to end: how it ended does not matter any more.
      await ended.catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const ADMIN_SQL = `CREATE USER IF NOT EXISTS 'admin'@'%' IDENTIFIED BY '${PASSWORD}';
GRANT ALL PRIVILEGES ON *.* TO 'admin'@'%' WITH GRANT OPTION;
`;

/** What mariadb-install-db feeds the server; that script needs programs of a package that we do not need. */
async function systemTables(): Promise<string> {
  const files = ['mysql_system_tables.sql', 'mysql_performance_tables.sql', 'mysql_system_tables_data.sql'];
  const texts = await Promise.all(files.map((file) => readFile(join(SQL_FOLDER, file), 'utf8')));
  return [
    'CREATE DATABASE mysql;',
    'USE mysql;',
    'SET @skip_auth_anonymous=1;',
    'SET @auth_root_socket=NULL;',
    ...texts,
  ].join('\n');
}

async function installWhenMissing(): Promise<void> {
  if (existsSync(PROGRAM.path)) return;
  const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, timeoutMs: 10 * MINUTE };
  const install = ['-o', 'DPkg::Lock::Timeout=300', 'install', '-y', '--no-install-recommends', PACKAGE];
  try {
    await runCommand('apt-get', install, options);
  } catch {
    // A fresh machine has no package lists yet; the second failure is the one to read.
    await runCommand('apt-get', ['-o', 'DPkg::Lock::Timeout=300', 'update'], options);
    await runCommand('apt-get', install, options);
  }
}
