import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe } from 'vitest';
import type { DatabaseAddress } from '../../src/adapters/mysql/connection-options.ts';
import { createDatabaseAndUsers, type DatabaseUsers } from '../../src/adapters/mysql/create-database.ts';
import {
  createRepositories,
  type Database,
  migrate,
  openDatabase,
  type Repositories,
} from '../../src/adapters/mysql/index.ts';
import type { DatabaseServer } from './database-server.ts';
import { startMariadb } from './mariadb.ts';
import { startMysql } from './mysql.ts';

export type DatabaseRole = 'admin' | 'migrate' | 'worker' | 'web';

/** A database of one suite, with the users that the platform has. */
export interface TestDatabase {
  readonly name: string;
  readonly wanted: DatabaseUsers;
  readonly address: (role: DatabaseRole) => DatabaseAddress & { readonly database: string };
  /** Opened once per role, closed after the file. */
  as(role: DatabaseRole): Database;
  /** As the worker's user, which is how the platform uses them. */
  readonly repositories: Repositories;
  /** As after the migrations: no customer, no store, no line of the audit log. Much quicker than another database. */
  reset(): Promise<void>;
}

export interface ConnectOptions {
  /** `empty`: database and users, no tables. Default: migrated, with the users' rights. */
  readonly schema?: 'empty' | 'migrated';
}

type Connect = (options?: ConnectOptions) => Promise<TestDatabase>;

const SERVERS: readonly (readonly [name: string, start: () => Promise<DatabaseServer>])[] = [
  ['MySQL', startMysql],
  ['MariaDB', startMariadb],
];
const POOL_SIZE = 10;

/**
 * The same suite on every kind of server we promise. `connect` makes a fresh database each time it is called; call it in
 * `beforeAll`. A server that cannot be had fails the suite with the reason. `only` is for suites whose queries have
 * suites of their own.
 */
export function forEachDatabase(
  suite: (name: string, connect: Connect) => void,
  { only }: { readonly only?: 'MySQL' } = {},
): void {
  describe.each(SERVERS.filter(([name]) => only === undefined || name === only))('on %s', (name, start) => {
    let server: DatabaseServer | undefined;
    const opened: Database[] = [];

    beforeAll(async () => {
      server = await start();
    });

    afterAll(async () => {
      await Promise.all(opened.map((db) => db.close()));
      await server?.stop();
    });

    suite(name, async ({ schema = 'migrated' } = {}) => {
      if (server === undefined) throw new Error(`${name} is not running.`);
      const database = await makeDatabase(server.admin, opened);
      if (schema === 'migrated')
        await migrate(database.as('migrate'), { grantTo: { worker: 'shop_worker', web: 'shop_web' } });
      return database;
    });
  });
}

/** A fresh database with its users on a server that runs already. The caller closes what is pushed to `opened`. */
async function makeDatabase(admin: DatabaseAddress, opened: Database[]): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const wanted: DatabaseUsers = {
    database: name,
    users: {
      migrate: { user: 'shop_migrate', password: "migrate's \\ password" },
      worker: { user: 'shop_worker', password: 'worker`s "password"' },
      web: { user: 'shop_web', password: 'web-password' },
    },
  };
  await createDatabaseAndUsers(admin, wanted);
  const byRole = new Map<DatabaseRole, Database>();
  const address = (role: DatabaseRole) => ({
    ...admin,
    ...(role === 'admin' ? {} : wanted.users[role]),
    database: name,
  });
  const as = (role: DatabaseRole): Database => {
    const db = byRole.get(role) ?? openDatabase({ ...address(role), poolSize: POOL_SIZE });
    if (!byRole.has(role)) opened.push(db);
    byRole.set(role, db);
    return db;
  };
  return { name, wanted, address, as, repositories: createRepositories(as('worker')), reset: () => reset(as('admin')) };
}

async function reset({ kysely }: Database): Promise<void> {
  await kysely.deleteFrom('stores').execute();
  await kysely.deleteFrom('pool_members').execute();
  for (const table of [
    'outbox',
    'customers',
    'audit_log',
    'ledger_seals',
    'workers',
    'scheduled_tasks',
    'settings',
    'capacity_samples',
    'platform_settings',
  ] as const) {
    await kysely.deleteFrom(table).execute();
  }
  await kysely.updateTable('pools').set({ grown_end: null }).execute();
}
