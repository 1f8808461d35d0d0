import { sql } from 'kysely';
import type { Pools } from '../../../src/adapters/mysql/allocate.ts';
import type { NewStore } from '../../../src/domain/new-store.ts';
import type { PoolMember } from '../../../src/domain/pool-member.ts';
import type { Lease } from '../../../src/domain/run.ts';
import type { Store, StoreError } from '../../../src/domain/store.ts';
import { MINUTE } from '../../../src/lib/time.ts';
import type { MailContent } from '../../../src/mail/mail-kinds.ts';
import type { TestDatabase } from '../../services/for-each-database.ts';

export const NOW = new Date('2026-02-03T04:05:06.789Z');

let made = 0;

export const somePools = (over: Partial<Pools> = {}): Pools => ({
  ports: { start: 8001, end: 8010, max: 8999, reserved: [] },
  subnets: '10.210.0.0/16',
  uids: { start: 200_000, end: 265_535 },
  isPortFree: () => Promise.resolve(true),
  isSubnetFree: () => true,
  ...over,
});

export async function aNewStore({ repositories }: TestDatabase, over: Partial<NewStore> = {}): Promise<NewStore> {
  made += 1;
  const name = over.name ?? `shop-${made}`;
  // Each of somebody else: what one may have is bounded by the plan.
  const email = `owner-${made}@example.test`;
  const customerId = over.customerId ?? (await repositories.customers.getOrCreate({ email, now: NOW })).id;
  return {
    customerId,
    name,
    title: 'A shop',
    start: {},
    platform: 'woocommerce',
    plan: 'starter',
    adminPath: '/wp-admin/',
    domain: `${name}.localhost`,
    wishedDomain: null,
    now: NOW,
    actor: 'test',
    ...over,
  };
}

export async function aStore(
  database: TestDatabase,
  over: Partial<NewStore> = {},
  pools: Pools = somePools(),
): Promise<{ store: Store; runId: string }> {
  return database.repositories.stores.create(await aNewStore(database, over), pools);
}

export interface Leased {
  readonly store: Store;
  readonly runId: string;
  readonly lease: Lease;
}

export async function aLeasedStore(database: TestDatabase, owner = 'worker-1'): Promise<Leased> {
  const { store, runId } = await aStore(database);
  return { store, runId, lease: await claimNow(database, runId, owner) };
}

export async function anActiveStore(database: TestDatabase): Promise<Leased> {
  const leased = await aLeasedStore(database);
  const { stores, journal, leases } = database.repositories;
  await stores.beginProvisioning(leased.lease);
  await stores.activate(leased.lease, NOW);
  await journal.runDone(leased.lease);
  await leases.release(leased.lease);
  return leased;
}

export async function aFailedStore(database: TestDatabase): Promise<Leased> {
  const leased = await aLeasedStore(database);
  const { stores, journal, leases } = database.repositories;
  await stores.beginProvisioning(leased.lease);
  await journal.stepDone(leased.lease, 'create-directory', null);
  await journal.stepFailed(leased.lease, 'issue-secrets', anError(), 'the tail', { willRetry: false });
  await stores.fail(leased.lease, anError());
  await journal.runFailed(leased.lease, anError());
  await leases.release(leased.lease);
  return leased;
}

export async function claimNow({ repositories }: TestDatabase, runId: string, owner = 'worker-1'): Promise<Lease> {
  const lease = await repositories.leases.claim({ runId, owner, leaseMs: MINUTE });
  if (lease === undefined) throw new Error(`${runId} could not be claimed.`);
  return lease;
}

export const anError = (over: Partial<StoreError> = {}): StoreError => ({
  code: 'container_unhealthy',
  message: 'db did not get healthy',
  hint: 'Look at its log.',
  step: 'start-containers',
  retryable: true,
  at: NOW,
  ...over,
});

/** As if the worker had been silent for long: the lease has run out, nobody has taken the store over yet. */
export async function letLeaseDie(database: TestDatabase, storeId: string): Promise<void> {
  await database
    .as('admin')
    .kysely.updateTable('stores')
    .set({ lease_expires_at: sql<Date>`DATE_SUB(UTC_TIMESTAMP(3), INTERVAL 1 SECOND)` })
    .where('id', '=', storeId)
    .execute();
}

/** Every place in the database where the text occurs, as `table.column`. */
export async function whereIs(database: TestDatabase, text: string): Promise<string[]> {
  const { kysely } = database.as('admin');
  const { rows } = await sql<{ tab: string; col: string }>`
    SELECT table_name AS tab, column_name AS col FROM information_schema.columns
    WHERE table_schema = ${database.name}
  `.execute(kysely);
  const found: string[] = [];
  for (const { tab, col } of rows) {
    const hits = await sql<{ count: number }>`
      SELECT COUNT(*) AS count FROM ${sql.table(tab)}
      WHERE LOCATE(${text}, CONVERT(${sql.ref(col)} USING utf8mb4)) > 0
    `.execute(kysely);
    if (Number(hits.rows[0]?.count) > 0) found.push(`${tab}.${col}`);
  }
  return found.toSorted();
}

/** How many rows each table has; tables without any are left out. */
export async function countRows(database: TestDatabase): Promise<Record<string, number>> {
  const { kysely } = database.as('admin');
  const { rows } = await sql<{ tab: string }>`
    SELECT table_name AS tab FROM information_schema.tables WHERE table_schema = ${database.name} ORDER BY table_name
  `.execute(kysely);
  const counts: Record<string, number> = {};
  for (const { tab } of rows) {
    const result = await sql<{ count: number }>`SELECT COUNT(*) AS count FROM ${sql.table(tab)}`.execute(kysely);
    const count = Number(result.rows[0]?.count);
    if (count > 0) counts[tab] = count;
  }
  return counts;
}

/** As if the account's owner had answered the mail: its address is its own for good. */
export async function letClaim(database: TestDatabase, customerId: string): Promise<void> {
  await database
    .as('admin')
    .kysely.updateTable('customers')
    .set(({ ref }) => ({ claimed_email: ref('email') }))
    .where('id', '=', customerId)
    .execute();
}

/** The last mail about a store. */
export const farewell = ({ title, name }: Store): MailContent => ({
  kind: 'deleted',
  payload: { title, name, dashboardUrl: 'https://panel.test/dashboard' },
});

/** A shop of the pool that somebody could have. */
export async function aWaitingShop({ repositories }: TestDatabase): Promise<PoolMember> {
  const wish = { purpose: 'pool', platform: 'woocommerce', plan: 'starter', owner: 'wrk_1' } as const;
  const member = await repositories.poolMembers.begin({ ...wish, leaseMs: 60_000, now: new Date() }, somePools());
  await repositories.poolMembers.enter(member.id, wish.owner, 'f'.repeat(64));
  return member;
}
