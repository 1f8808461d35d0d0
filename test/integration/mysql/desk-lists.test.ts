import { CompiledQuery, type KyselyPlugin, type QueryId, type RootOperationNode, sql } from 'kysely';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createRepositories, type Database } from '../../../src/adapters/mysql/index.ts';
import { CUSTOMER_SORTS, RUN_SORTS, STORE_SORTS, type StoreQuery } from '../../../src/domain/desk-lists.ts';
import { MINUTE } from '../../../src/lib/time.ts';
import { forEachDatabase, type TestDatabase } from '../../services/for-each-database.ts';
import { fillWithStores } from '../../services/many-stores.ts';
import { aFailedStore, anActiveStore, aStore, NOW, somePools } from './fixtures.ts';

const MANY = 3000;
const ALL = { sort: 'newest', limit: 50, offset: 0 } as const;

forEachDatabase((_name, connect) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await connect();
  });
  beforeEach(() => database.reset());

  /** As the web process asks, with no more rights than it has. */
  const lists = () => createRepositories(database.as('web')).deskLists;

  const later = (minutes: number): Date => new Date(NOW.getTime() + minutes * MINUTE);

  async function storeOf(email: string, name: string, at = NOW) {
    const { id } = await database.repositories.customers.getOrCreate({ email, now: at });
    return (await aStore(database, { customerId: id, name, domain: `${name}.localhost`, now: at }, pools)).store;
  }
  const pools = somePools();

  describe('stores', () => {
    const namesOf = async (query: Partial<StoreQuery>): Promise<string[]> =>
      (await lists().stores.page({ ...ALL, ...query })).rows.map(({ name }) => name);

    test('are found by what their name, domain, id or owner begins with, and by their port alone', async () => {
      const rose = await storeOf('rita@example.test', 'rose');
      const tulip = await storeOf('tom@example.test', 'tulip', later(1));

      for (const search of ['ros', 'rose.local', rose.id, 'rita@', String(rose.port)]) {
        expect([search, await namesOf({ search })]).toEqual([search, ['rose']]);
      }
      for (const search of ['ose', '%', '_ose', String(rose.port).slice(0, 3), '99999999', 'nobody@']) {
        expect([search, await namesOf({ search })]).toEqual([search, []]);
      }
      expect(await namesOf({ search: String(tulip.port) })).toEqual(['tulip']);
    });

    test('are filtered by all that is asked, and counted', async () => {
      const { store } = await anActiveStore(database);
      await aStore(database, {}, pools);

      const active = await lists().stores.page({ ...ALL, status: 'active', platform: 'woocommerce', plan: 'starter' });
      const none = await lists().stores.page({ ...ALL, status: 'active', plan: 'scale' });

      expect(active).toEqual({ rows: [expect.objectContaining({ id: store.id, status: 'active' })], total: 1 });
      expect(none).toEqual({ rows: [], total: 0 });
    });

    test('come in the order that is asked for, a page at a time, none twice and none left out', async () => {
      const names = ['ann', 'bob', 'cid', 'dee', 'eve'];
      // Two in the same moment: their ids decide.
      for (const [at, name] of names.entries()) await storeOf(`${name}@example.test`, name, later(Math.floor(at / 2)));

      const pages = await Promise.all([0, 2, 4].map((offset) => namesOf({ limit: 2, offset, sort: 'oldest' })));
      const { total } = await lists().stores.page({ ...ALL, limit: 2 });

      expect(pages.flat().toSorted()).toEqual(names);
      expect(await namesOf({ sort: 'name-down' })).toEqual(names.toReversed());
      expect(await namesOf({ sort: 'newest' })).toEqual(pages.flat().toReversed());
      expect(total).toBe(5);
    });
  });

  test('customers are found by what their address or id begins with, with how many stores they have', async () => {
    const { customerId } = await storeOf('rita@example.test', 'rose');
    await storeOf('rita@example.test', 'tulip');
    await database.repositories.customers.create({ email: 'ops@example.test', role: 'operator', now: later(1) });

    const find = async (search?: string) => (await lists().customers.page({ ...ALL, search })).rows;

    expect(await find('rita')).toEqual([
      {
        id: customerId,
        email: 'rita@example.test',
        role: 'customer',
        isVerified: true,
        hasSecondFactor: false,
        stores: 2,
        createdAt: NOW,
        seenAt: null,
        lockedAt: null,
        lockReason: null,
      },
    ]);
    expect(await find(customerId)).toHaveLength(1);
    expect(await find('example.test')).toEqual([]);
    expect((await find()).map(({ email }) => email)).toEqual(['ops@example.test', 'rita@example.test']);
    const operators = await lists().customers.page({ ...ALL, role: 'operator' });
    expect([operators.total, operators.rows.map(({ email }) => email)]).toEqual([1, ['ops@example.test']]);
  });

  test('runs are found by id, store and state, and tell where they stopped', async () => {
    const { store, runId } = await aFailedStore(database);
    await aStore(database, {}, pools);

    const failed = await lists().runs.page({ ...ALL, status: 'failed' });
    const byName = await lists().runs.page({ ...ALL, search: store.name });
    const byRun = await lists().runs.page({ ...ALL, search: runId });
    const teardowns = await lists().runs.page({ ...ALL, kind: 'teardown' });

    expect(failed).toMatchObject({ total: 1, rows: [{ storeName: store.name, run: { id: runId, status: 'failed' } }] });
    expect([byName, byRun].map(({ rows }) => rows.map(({ run }) => run.id))).toEqual([[runId], [runId]]);
    expect(teardowns).toEqual({ rows: [], total: 0 });
  });

  test('what plans promise is the sum over all stores', async () => {
    expect(await lists().stores.promisedMemoryMb()).toBe(0);
    await aStore(database, {}, pools);
    await aStore(database, {}, pools);
    expect(await lists().stores.promisedMemoryMb()).toBe(2048);
  });

  test('of capacity the last word of a day counts', async () => {
    const { capacitySamples } = database.repositories;
    await capacitySamples.note([{ resource: 'disk', used: 5_000_000_000, size: 9_000_000_000 }], '2026-02-01');
    await capacitySamples.note([{ resource: 'disk', used: 6_000_000_000, size: 9_000_000_000 }], '2026-02-01');
    await capacitySamples.note([{ resource: 'disk', used: 7_000_000_000, size: 9_000_000_000 }], '2026-02-03');

    const known = await createRepositories(database.as('web')).capacitySamples.since('2026-01-30');
    await capacitySamples.removeBefore('2026-02-03');

    expect(known.get('disk')).toEqual([
      { day: '2026-02-01', used: 6_000_000_000 },
      { day: '2026-02-03', used: 7_000_000_000 },
    ]);
    expect((await capacitySamples.since('2026-01-30')).get('disk')).toHaveLength(1);
  });

  test('no list sorts or searches by reading a whole table', async () => {
    await fillWithStores(database.as('admin'), { customers: MANY, stores: MANY });
    for (const table of ['customers', 'stores', 'domains', 'provisioning_jobs'] as const) {
      await sql`ANALYZE TABLE ${sql.table(table)}`.execute(database.as('admin').kysely);
    }
    const asked = createSpy();
    const spied = { ...database.as('admin'), kysely: database.as('admin').kysely.withPlugin(asked) };
    const { stores, customers, runs } = createRepositories(spied).deskLists;

    for (const sort of STORE_SORTS) await stores.page({ ...ALL, sort, offset: 100 });
    for (const sort of CUSTOMER_SORTS) await customers.page({ ...ALL, sort });
    for (const sort of RUN_SORTS) await runs.page({ ...ALL, sort });
    await stores.page({ ...ALL, status: 'failed' });
    await stores.page({ ...ALL, customerId: 'cus_many000001' });
    for (const search of ['shop-000001', 'owner-000001', '100001', 'sto_many000001'])
      await stores.page({ ...ALL, search });
    for (const search of ['owner-000001', 'cus_many000001']) await customers.page({ ...ALL, search });
    for (const search of ['shop-000001', 'sto_many000001', 'run_many000001']) await runs.page({ ...ALL, search });
    await runs.page({ ...ALL, status: 'failed' });
    await runs.page({ ...ALL, kind: 'provision' });

    const whole: string[] = [];
    for (const { sql: text, parameters } of asked.queries(spied)) {
      // MySQL's own form is a tree in words, in which no whole table would be seen.
      const { rows } = await database
        .as('admin')
        .kysely.executeQuery<Plan>(CompiledQuery.raw(`EXPLAIN FORMAT=TRADITIONAL ${text}`, [...parameters]));
      const read = rows.filter(
        ({ table, type, rows: count }) => type === 'ALL' && Number(count) > MANY / 2 && table?.startsWith('<') !== true,
      );
      whole.push(...read.map(({ table }) => `${table}: ${text}`));
    }
    expect(whole).toEqual([]);
  });
});

interface Plan {
  readonly table: string | null;
  readonly type: string | null;
  readonly rows: number | string | null;
}

/** Writes down what is asked. */
function createSpy(): KyselyPlugin & { queries(db: Database): CompiledQuery[] } {
  const seen: { node: RootOperationNode; queryId: QueryId }[] = [];
  return {
    transformQuery({ node, queryId }) {
      seen.push({ node, queryId });
      return node;
    },
    transformResult: async ({ result }) => result,
    queries: ({ kysely }) =>
      seen.splice(0).map(({ node, queryId }) => kysely.getExecutor().compileQuery(node, queryId)),
  };
}
