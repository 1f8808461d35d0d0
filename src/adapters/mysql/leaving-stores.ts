import { AppError } from '../../domain/errors.ts';
import { type Origin, originIn, SYSTEM } from '../../domain/origin.ts';
import type { RunInput } from '../../domain/run.ts';
import { wishFor } from './change-requests.ts';
import type { Database } from './open-database.ts';
import { readRunInput } from './run-rows.ts';
import { inTransaction, type Tx } from './transactions.ts';

interface Leaving extends Origin {
  readonly customerId: string;
  readonly now: Date;
}

/** When a store goes whose deletion was asked for together with its owner's account; its own days of grace do not count then. */
export function dueAtIn({ dueAt }: RunInput): Date | undefined {
  return dueAt === undefined ? undefined : new Date(dueAt);
}

/**
 * The account's stores are to close now and to go with it. What is being made, or is to go already, is passed by.
 * Returns the runs that do it.
 */
export async function closeWithAccount(
  tx: Tx,
  { customerId, deletionAt, now, ...origin }: Leaving & { deletionAt: Date },
) {
  const runIds: string[] = [];
  for (const { id } of await storesOf(tx, customerId)) {
    const runId = await closeOne(tx, id, { ...originIn(origin), deletionAt, now });
    if (runId !== undefined) runIds.push(runId);
  }
  return runIds;
}

/** Stores that were closed with the account come back as they were; those that their owner had deleted before do not. */
export async function keepWithAccount(tx: Tx, { customerId, now, ...origin }: Leaving): Promise<string[]> {
  const runIds: string[] = [];
  for (const { id, status } of await storesOf(tx, customerId)) {
    const closing = await latestClosing(tx, id);
    if (closing === undefined || dueAtIn(closing.input) === undefined) continue;
    if (status !== 'deletion-scheduled' && !closing.isUnfinished) continue;
    runIds.push(await wishFor(tx, { ...originIn(origin), storeId: id, kind: 'undo-delete', by: 'owner', now }));
  }
  return runIds;
}

/** Stores of accounts that are to go which were still being made then: each closes once it can. Returns the runs. */
export async function closeLateStores(db: Database, now: Date): Promise<string[]> {
  const rows = await db.kysely
    .selectFrom('customers')
    .innerJoin('stores', 'stores.customer_id', 'customers.id')
    .select(['stores.id', 'customers.deletion_at'])
    .where('deletion_at', '>', now)
    .where('locked_at', 'is', null)
    .where('stores.status', 'in', ['active', 'suspended', 'failed'])
    .execute();
  const runIds: string[] = [];
  for (const { id, deletion_at: deletionAt } of rows) {
    if (deletionAt === null) continue;
    const runId = await inTransaction(db, async (tx) => {
      // Closed before, and taken back by its owner: that stands.
      const closing = await latestClosing(tx, id);
      const isKnown = closing !== undefined && dueAtIn(closing.input)?.getTime() === deletionAt.getTime();
      return isKnown ? undefined : closeOne(tx, id, { ...SYSTEM, deletionAt, now });
    });
    if (runId !== undefined) runIds.push(runId);
  }
  return runIds;
}

async function closeOne(
  tx: Tx,
  storeId: string,
  { deletionAt, now, ...origin }: Origin & { readonly deletionAt: Date; readonly now: Date },
): Promise<string | undefined> {
  const input = { dueAt: deletionAt.toISOString() };
  try {
    return await wishFor(tx, { ...origin, storeId, kind: 'schedule-delete', by: 'owner', now, input });
  } catch (thrown) {
    // Nothing was written yet: whether it may be is looked at first.
    if (thrown instanceof AppError && thrown.code === 'not_allowed_now') return undefined;
    throw thrown;
  }
}

function storesOf(tx: Tx, customerId: string) {
  return tx.selectFrom('stores').select(['id', 'status']).where('customer_id', '=', customerId).orderBy('id').execute();
}

async function latestClosing(tx: Tx, storeId: string): Promise<{ input: RunInput; isUnfinished: boolean } | undefined> {
  const row = await tx
    .selectFrom('provisioning_jobs')
    .select(['input_json', 'status'])
    .where('store_id', '=', storeId)
    .where('kind', '=', 'schedule-delete')
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return { input: readRunInput(row.input_json), isUnfinished: row.status === 'queued' || row.status === 'running' };
}
