import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import { LeaseLostError } from '../../domain/errors.ts';
import type { Lease, RunKind } from '../../domain/run.ts';
import type { StoreStatus } from '../../domain/store.ts';
import { pause } from '../../lib/deadline.ts';
import { isLockConflict } from './database-errors.ts';
import type { Database } from './open-database.ts';
import type { Schema } from './schema.ts';

export type Tx = Transaction<Schema>;
export type Queries = Kysely<Schema>;

/** What the fence check has read under the store's row lock. */
export interface FencedStore {
  readonly status: StoreStatus;
  readonly runKind: RunKind;
}

const ATTEMPTS = 6;
const FIRST_BACKOFF_MS = 10;

/** The database's own clock, in UTC with milliseconds; leases are told by it and by nothing else. */
export const databaseNow: RawBuilder<Date> = sql<Date>`UTC_TIMESTAMP(3)`;

/** The database's clock plus so many milliseconds. */
export function databaseNowPlus(ms: number): RawBuilder<Date> {
  return sql<Date>`DATE_ADD(UTC_TIMESTAMP(3), INTERVAL ${Math.round(ms) * 1000} MICROSECOND)`;
}

/**
 * All of it or nothing; begun anew when the server picked it as a deadlock's victim, so `work` must do nothing
 * but query.
 */
export async function inTransaction<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.kysely.transaction().execute(work);
    } catch (thrown) {
      if (!isLockConflict(thrown) || attempt === ATTEMPTS) throw thrown;
      await pause(FIRST_BACKOFF_MS * 2 ** attempt * (0.5 + Math.random()));
    }
  }
}

/**
 * A transaction that may write about the lease's store: the store's row is locked and its fence compared first, so
 * nobody can take the store over between the check and the write. Throws `LeaseLostError` when the fence has moved, the
 * lease was released, the store is gone, the run was called off, or the store is being deleted and this is not that run.
 */
export function withFence<T>(db: Database, lease: Lease, work: (tx: Tx, store: FencedStore) => Promise<T>): Promise<T> {
  return inTransaction(db, async (tx) => work(tx, await checkFence(tx, lease)));
}

/** The check of `withFence`, for a transaction that has to lock something else before. */
export async function checkFence(tx: Tx, lease: Lease): Promise<FencedStore> {
  const store = await tx
    .selectFrom('stores')
    .select('status')
    .where('id', '=', lease.storeId)
    .where('fence', '=', lease.fence)
    .where('lease_owner', '=', lease.owner)
    .forUpdate()
    .executeTakeFirst();
  if (store === undefined) throw new LeaseLostError(lease.storeId, lease.fence);
  // Read after the lock is held: runs change only under their store's lock.
  const run = await tx
    .selectFrom('provisioning_jobs')
    .select(['kind', 'status'])
    .where('id', '=', lease.runId)
    .where('store_id', '=', lease.storeId)
    .executeTakeFirst();
  const isCalledOff = run?.status !== 'running' || (store.status === 'deleting' && run.kind !== 'teardown');
  if (isCalledOff) throw new LeaseLostError(lease.storeId, lease.fence);
  return { status: store.status, runKind: run.kind };
}
