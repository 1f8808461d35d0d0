import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { forEachDatabase, type TestDatabase } from '../../services/for-each-database.ts';
import { aStore, NOW } from './fixtures.ts';

/** What is nobody's: the platform's own. A table that is neither here nor leads to a customer fails the tests below. */
const OF_THE_PLATFORM = [
  ...['plans', 'pools', 'workers', 'scheduled_tasks', 'settings', 'platform_settings', 'capacity_samples'],
  // What waits for an owner is nobody's; once it is somebody's, a row of `stores` says whose.
  'pool_members',
  ...['certificate_orders', 'ledger_seals', 'kysely_migration', 'kysely_migration_lock'],
];

/** What names somebody without a key, and why it must. */
const WITHOUT_A_KEY: Readonly<Record<string, string>> = {
  audit_log: 'its lines outlive accounts and stores',
  released_domains: 'a name is kept from others also when who had it is gone',
  one_time_tokens: 'what it is about is said by its purpose, and found by the digest of the whole token alone',
};

/** Mails of accounts hang on no store; where a mail does, it goes with the store. */
const MAY_BE_NOBODYS = ['outbox.store_id'];

/** An operator's own session, in which another account is acted for: two customers, on purpose. */
const OF_TWO = ['sessions_impersonator_session_fk'];

interface ForeignKey {
  readonly name: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly parent: string;
  readonly parentColumns: readonly string[];
}

forEachDatabase((_, connect) => {
  describe('whose a row is', () => {
    let database: TestDatabase;
    let keys: readonly ForeignKey[];
    let tables: readonly string[];
    let nullable: ReadonlySet<string>;
    beforeAll(async () => {
      database = await connect();
      [keys, tables, nullable] = await Promise.all([foreignKeys(database), tableNames(database), nullables(database)]);
    });

    const keysOf = (table: string): readonly ForeignKey[] =>
      keys.filter((key) => key.table === table && !OF_TWO.includes(key.name) && key.parent !== 'plans');

    /** Every way by keys from a table to `customers`. */
    const waysFrom = (table: string): ForeignKey[][] =>
      table === 'customers' ? [[]] : keysOf(table).flatMap((key) => waysFrom(key.parent).map((rest) => [key, ...rest]));

    it('every table is the platform’s own, or leads to a customer by keys that are never empty', () => {
      const astray = tables.filter(
        (table) =>
          table !== 'customers' &&
          !OF_THE_PLATFORM.includes(table) &&
          WITHOUT_A_KEY[table] === undefined &&
          waysFrom(table).length === 0,
      );
      const mayBeEmpty = keys
        .filter(({ name }) => !OF_TWO.includes(name))
        .flatMap(({ table, columns }) => columns.map((column) => `${table}.${column}`))
        .filter((column) => nullable.has(column));

      expect(tables.length).toBeGreaterThan(35);
      expect(astray).toEqual([]);
      expect(mayBeEmpty).toEqual(MAY_BE_NOBODYS);
      expect([...OF_THE_PLATFORM, ...Object.keys(WITHOUT_A_KEY)].filter((name) => !tables.includes(name))).toEqual([]);
      expect(OF_THE_PLATFORM.filter((table) => waysFrom(table).length > 0)).toEqual([]);
    });

    it('where two keys lead to a customer, both hold the column that says which', () => {
      const withTwo = tables.filter((table) => keysOf(table).length > 1);
      const apart = withTwo.filter((table) => {
        const [narrow, ...wide] = keysOf(table).toSorted((one, other) => one.columns.length - other.columns.length);
        return narrow === undefined || !wide.every((key) => holds(key, narrow));
      });

      expect(withTwo).toEqual(['provisioning_events']);
      expect(apart).toEqual([]);
    });

    /** The wider key has the narrow one's column, and at its parent that column is what leads to the same row. */
    function holds(wide: ForeignKey, narrow: ForeignKey): boolean {
      return narrow.columns.every((column, at) => {
        const place = wide.columns.indexOf(column);
        const above = wide.parentColumns[place];
        return keysOf(wide.parent).some(
          ({ parent, columns, parentColumns }) =>
            parent === narrow.parent && columns[at] === above && parentColumns[at] === narrow.parentColumns[at],
        );
      });
    }

    it('the database itself refuses an event of one customer’s run at another’s store', async () => {
      const [hers, his] = [await aStore(database), await aStore(database)];
      const write = (storeId: string) =>
        database
          .as('worker')
          .kysely.insertInto('provisioning_events')
          .values({ run_id: hers.runId, store_id: storeId, step: null, kind: 'run_done', at: NOW, details_json: '{}' })
          .execute();

      await expect(write(hers.store.id)).resolves.toBeDefined();
      await expect(write(his.store.id)).rejects.toThrow(/provisioning_events_of_run/);
    });
  });
});

async function foreignKeys({ as }: TestDatabase): Promise<ForeignKey[]> {
  const { rows } = await sql<{ name: string; child: string; parent: string; columns: string; parentColumns: string }>`
    SELECT constraint_name AS name, table_name AS child, referenced_table_name AS parent,
      GROUP_CONCAT(column_name ORDER BY ordinal_position) AS columns,
      GROUP_CONCAT(referenced_column_name ORDER BY ordinal_position) AS ${sql.ref('parentColumns')}
    FROM information_schema.key_column_usage
    WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL
    GROUP BY constraint_name, table_name, referenced_table_name
  `.execute(as('admin').kysely);
  return rows.map(({ child, columns, parentColumns, ...key }) => ({
    ...key,
    table: child,
    columns: columns.split(','),
    parentColumns: parentColumns.split(','),
  }));
}

async function tableNames({ as }: TestDatabase): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name
  `.execute(as('admin').kysely);
  return rows.map(({ name }) => name);
}

async function nullables({ as }: TestDatabase): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ name: string }>`
    SELECT CONCAT(table_name, '.', column_name) AS name FROM information_schema.columns
    WHERE table_schema = DATABASE() AND is_nullable = 'YES'
  `.execute(as('admin').kysely);
  return new Set(rows.map(({ name }) => name));
}
