import type { Database } from '../../src/adapters/mysql/index.ts';
import { STEP_NAMES } from '../../src/domain/run.ts';
import { PLATFORM_NAMES, type StoreStatus } from '../../src/domain/store.ts';
import { MINUTE } from '../../src/lib/time.ts';

const CHUNK = 500;
const FIRST_UID = 1_000_000;
const FIRST_PORT = 100_000;
const BEGIN = Date.parse('2026-01-01T00:00:00.000Z');
const STATUSES: readonly StoreStatus[] = ['active', 'active', 'active', 'active', 'suspended', 'failed', 'pending'];
const PLANS = ['starter', 'business', 'scale'];

/**
 * An installation that has been busy for long, written as nothing of the platform could: customers, their stores, and a
 * run with its steps over each. `admin` is a user who may do everything.
 */
export async function fillWithStores(
  admin: Database,
  counts: { readonly customers: number; readonly stores: number; readonly statuses?: readonly StoreStatus[] },
): Promise<void> {
  const statuses = counts.statuses ?? STATUSES;
  const customers = range(counts.customers).map((n) => ({
    id: `cus_many${digits(n)}`,
    email: `owner-${digits(n)}@example-${n % 97}.test`,
    claimed_email: null,
    role: 'customer' as const,
    password_hash: null,
    created_at: momentOf(n),
  }));
  const stores = range(counts.stores).map((n) => ({
    id: `sto_many${digits(n)}`,
    customer_id: `cus_many${digits(n % counts.customers)}`,
    name: `shop-${digits(n)}`,
    title: `Shop ${n}`,
    platform: PLATFORM_NAMES[n % PLATFORM_NAMES.length] ?? 'wordpress',
    plan: PLANS[n % PLANS.length] ?? 'starter',
    status: statuses[n % statuses.length] ?? 'active',
    wished_domain: null,
    images_json: '{}',
    versions_json: '{}',
    created_at: momentOf(n),
  }));
  const runs = stores.map((store, n) => ({
    id: `run_many${digits(n)}`,
    store_id: store.id,
    kind: 'provision' as const,
    status: store.status === 'failed' ? ('failed' as const) : ('done' as const),
    next_attempt_at: store.created_at,
    created_at: store.created_at,
  }));
  const { kysely } = admin;
  await inChunks(customers, (rows) => kysely.insertInto('customers').values(rows).execute());
  await inChunks(stores, (rows) => kysely.insertInto('stores').values(rows).execute());
  await inChunks(stores, (rows) =>
    kysely
      .insertInto('domains')
      .values(
        rows.map(({ id, name, created_at }) => ({
          hostname: `${name}.shops.test`,
          store_id: id,
          kind: 'platform' as const,
          created_at,
        })),
      )
      .execute(),
  );
  await inChunks([...stores.entries()], async (rows) => {
    await kysely
      .insertInto('ports')
      .values(rows.map(([n, { id }]) => ({ port: FIRST_PORT + n, store_id: id })))
      .execute();
    await kysely
      .insertInto('subnets')
      .values(rows.map(([n, { id }]) => ({ subnet: `many-${n}/27`, store_id: id })))
      .execute();
    await kysely
      .insertInto('uids')
      .values(rows.map(([n, { id }]) => ({ uid: FIRST_UID + n, store_id: id })))
      .execute();
  });
  await inChunks(runs, (rows) => kysely.insertInto('provisioning_jobs').values(rows).execute());
  await inChunks(runs, (rows) =>
    kysely
      .insertInto('provisioning_steps')
      .values(
        rows.flatMap(({ id, status }) =>
          STEP_NAMES.map((name, position) => ({
            run_id: id,
            name,
            position,
            status: status === 'failed' && position === STEP_NAMES.length - 1 ? ('failed' as const) : ('done' as const),
          })),
        ),
      )
      .execute(),
  );
}

async function inChunks<Row>(rows: readonly Row[], write: (chunk: Row[]) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < rows.length; at += CHUNK) await write(rows.slice(at, at + CHUNK));
}

const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const digits = (n: number): string => String(n).padStart(6, '0');
const momentOf = (n: number): Date => new Date(BEGIN + n * MINUTE);
