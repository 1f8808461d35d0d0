import { AppError, NotFoundError } from '../../domain/errors.ts';
import { assertCanBecome, isBeingMade } from '../../domain/lifecycle.ts';
import type { Origin } from '../../domain/origin.ts';
import type { RunInput, RunKind } from '../../domain/run.ts';
import type { StoreError, StoreStatus } from '../../domain/store.ts';
import { appendAudit } from './audit.ts';
import { writeJson } from './json-columns.ts';
import type { Database } from './open-database.ts';
import { insertRun, readRunInput } from './run-rows.ts';
import { databaseNow, inTransaction, type Tx } from './transactions.ts';

/** Who asks for what; its line in the ledger says so. */
export interface RunRequest extends Origin {
  readonly storeId: string;
  readonly now: Date;
}

export interface UnfinishedRun {
  readonly id: string;
  readonly kind: RunKind;
  readonly input: RunInput;
}

/** See `RunRepository.queueRetry`. */
export function queueRetry(db: Database, { storeId, now, ...origin }: RunRequest): Promise<string> {
  return inTransaction(db, async (tx) => {
    const { status, leased } = await lockStore(tx, storeId);
    if (status !== 'failed' && status !== 'pending') {
      throw notNow(`A store that is ${status} cannot be retried.`, 'Only stores that are pending or failed can.');
    }
    if (leased) throw notNow('Somebody works on the store right now.', 'Wait until that is over.');
    const run = await latestOf(tx, storeId, 'provision');
    if (run === undefined) throw notNow('The store has no run to retry.', 'Delete the store and create it anew.');
    if (run.status === 'queued') {
      // It waits already: asking again only makes it due, and leaves no line.
      await makeDue(tx, run.id);
      return run.id;
    }
    await queueAgain(tx, run.id);
    await appendAudit(tx, {
      ...origin,
      action: 'store.retry_requested',
      target: storeId,
      storeId,
      details: { runId: run.id },
      at: now,
    });
    return run.id;
  });
}

/** See `RunRepository.queueRepair`. */
export function queueRepair(db: Database, { storeId, now, ...origin }: RunRequest): Promise<string> {
  return inTransaction(db, async (tx) => {
    const { status } = await lockStore(tx, storeId);
    if (status !== 'active') {
      throw notNow(
        `A store that is ${status} cannot be repaired.`,
        'Only active stores can; a failed one can be retried.',
      );
    }
    const latest = await latestOf(tx, storeId, 'repair');
    if (latest !== undefined && isUnfinished(latest)) return latest.id;
    const runId = await insertRun(tx, { storeId, kind: 'repair', now });
    await appendAudit(tx, {
      ...origin,
      action: 'store.repair_requested',
      target: storeId,
      storeId,
      details: { runId },
      at: now,
    });
    return runId;
  });
}

/** See `StoreRepository.requestTeardown`. */
export function requestTeardown(
  db: Database,
  { storeId, now, whileBeingMade = false, ...origin }: RunRequest & { readonly whileBeingMade?: boolean },
): Promise<string> {
  return inTransaction(db, async (tx) => {
    const { status } = await lockStore(tx, storeId);
    if (status === 'deleting') return ringTeardownAgain(tx, storeId, now);
    if (whileBeingMade && !isBeingMade(status)) {
      throw notNow(
        `A store that is ${status} is not cancelled.`,
        'Its owner deletes it, and has some days to undo that.',
      );
    }
    return takeDown(tx, { storeId, ...origin, now }, status);
  });
}

/** The store, whose row is locked, is being deleted from here on; whatever else was under way is called off. */
export async function takeDown(tx: Tx, { storeId, now, ...origin }: RunRequest, status: StoreStatus): Promise<string> {
  assertCanBecome(status, 'deleting');
  await callOff(tx, await unfinishedOf(tx, storeId), { now, message: 'Called off: the store is being deleted.' });
  await tx.updateTable('stores').set({ status: 'deleting' }).where('id', '=', storeId).execute();
  const runId = await insertRun(tx, { storeId, kind: 'teardown', now });
  await appendAudit(tx, {
    ...origin,
    action: 'store.delete_requested',
    target: storeId,
    storeId,
    details: { runId, status },
    at: now,
  });
  return runId;
}

async function ringTeardownAgain(tx: Tx, storeId: string, now: Date): Promise<string> {
  const run = await latestOf(tx, storeId, 'teardown');
  if (run === undefined) return insertRun(tx, { storeId, kind: 'teardown', now });
  if (run.status === 'queued') await makeDue(tx, run.id);
  else if (run.status !== 'running') await queueAgain(tx, run.id);
  return run.id;
}

/** What the store has under way or waiting, longest waiting first. */
export async function unfinishedOf(tx: Tx, storeId: string): Promise<UnfinishedRun[]> {
  const rows = await tx
    .selectFrom('provisioning_jobs')
    .select(['id', 'kind', 'input_json'])
    .where('store_id', '=', storeId)
    .where('status', 'in', ['queued', 'running'])
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(({ id, kind, input_json }) => ({ id, kind, input: readRunInput(input_json) }));
}

/** They end without a verdict; whoever works on one finds its lease refused and lets go. */
export async function callOff(
  tx: Tx,
  runs: readonly UnfinishedRun[],
  { now, message }: { readonly now: Date; readonly message: string },
): Promise<void> {
  if (runs.length === 0) return;
  const error: StoreError = { code: 'not_allowed_now', message, hint: null, step: null, retryable: false, at: now };
  await tx
    .updateTable('provisioning_jobs')
    .set({ status: 'failed', error_json: writeJson(error), finished_at: databaseNow })
    .where(
      'id',
      'in',
      runs.map(({ id }) => id),
    )
    .execute();
}

export async function makeDue(tx: Tx, runId: string): Promise<void> {
  await tx.updateTable('provisioning_jobs').set({ next_attempt_at: databaseNow }).where('id', '=', runId).execute();
}

/** Same run, next attempt, due at once: what is done stays done, what failed or was cut off waits again. */
async function queueAgain(tx: Tx, runId: string): Promise<void> {
  await tx
    .updateTable('provisioning_jobs')
    .set((eb) => ({
      status: 'queued',
      attempt: eb('attempt', '+', 1),
      error_json: null,
      finished_at: null,
      next_attempt_at: databaseNow,
    }))
    .where('id', '=', runId)
    .execute();
  await tx
    .updateTable('provisioning_steps')
    .set({ status: 'waiting', error_json: null, finished_at: null })
    .where('run_id', '=', runId)
    .where('status', 'in', ['failed', 'running'])
    .execute();
}

export async function lockStore(tx: Tx, storeId: string): Promise<{ status: StoreStatus; leased: boolean }> {
  const row = await tx
    .selectFrom('stores')
    .select((eb) => ['status', eb('lease_expires_at', '>', databaseNow).as('leased')])
    .where('id', '=', storeId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError('store', storeId);
  return { status: row.status, leased: Number(row.leased) === 1 };
}

function latestOf(tx: Tx, storeId: string, kind: RunKind) {
  return tx
    .selectFrom('provisioning_jobs')
    .select(['id', 'status'])
    .where('store_id', '=', storeId)
    .where('kind', '=', kind)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

function isUnfinished({ status }: { status: string }): boolean {
  return status === 'queued' || status === 'running';
}

function notNow(message: string, hint: string): AppError {
  return new AppError('not_allowed_now', message, { hint });
}
