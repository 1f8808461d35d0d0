import type { UpdateObject } from 'kysely';
import type { Lease, StepName } from '../../domain/run.ts';
import type { StoreError } from '../../domain/store.ts';
import { writeJson } from './json-columns.ts';
import type { Database } from './open-database.ts';
import type { EventKind, Schema } from './schema.ts';
import { databaseNow, type Tx, withFence } from './transactions.ts';

export type JournalRepository = ReturnType<typeof createJournalRepository>;

const STARTED = { status: 'running', started_at: databaseNow, finished_at: null, error_json: null } as const;

interface Note {
  readonly kind: EventKind;
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * What happened, while it happens: the line of the step or run, and an event for whoever watches, in one transaction.
 * Everything is refused with `LeaseLostError` once the lease is old.
 */
export function createJournalRepository(db: Database) {
  const write = async (
    tx: Tx,
    lease: Lease,
    step: StepName,
    line: UpdateObject<Schema, 'provisioning_steps'>,
    { kind, details = {} }: Note,
  ): Promise<void> => {
    await tx
      .updateTable('provisioning_steps')
      .set(line)
      .where('run_id', '=', lease.runId)
      .where('name', '=', step)
      .execute();
    await tx
      .insertInto('provisioning_events')
      .values(eventOf(lease, step, kind, details))
      .execute();
  };

  const ofStep = (
    lease: Lease,
    step: StepName,
    line: UpdateObject<Schema, 'provisioning_steps'>,
    note: Note,
  ): Promise<void> => withFence(db, lease, (tx) => write(tx, lease, step, line, note));

  const ofRun = (
    lease: Lease,
    line: UpdateObject<Schema, 'provisioning_jobs'>,
    { kind, details = {} }: Note,
  ): Promise<void> =>
    withFence(db, lease, async (tx) => {
      await tx.updateTable('provisioning_jobs').set(line).where('id', '=', lease.runId).execute();
      await tx
        .insertInto('provisioning_events')
        .values(eventOf(lease, null, kind, details))
        .execute();
    });

  return {
    stepStarted: (lease: Lease, step: StepName): Promise<void> => ofStep(lease, step, STARTED, { kind: 'started' }),

    /** With `next`, that one has started: both or neither. */
    stepDone: (lease: Lease, step: StepName, logTail: string | null, next?: StepName): Promise<void> =>
      withFence(db, lease, async (tx) => {
        const line = { status: 'done', finished_at: databaseNow, error_json: null, log_tail: logTail } as const;
        await write(tx, lease, step, line, { kind: 'done' });
        if (next !== undefined) await write(tx, lease, next, STARTED, { kind: 'started' });
      }),

    /** With `willRetry` the step waits again and keeps its error until then; without, it has failed. */
    stepFailed: (
      lease: Lease,
      step: StepName,
      error: StoreError,
      logTail: string | null,
      { willRetry }: { readonly willRetry: boolean },
    ): Promise<void> =>
      ofStep(
        lease,
        step,
        {
          status: willRetry ? 'waiting' : 'failed',
          finished_at: databaseNow,
          error_json: writeJson(error),
          log_tail: logTail,
        },
        { kind: willRetry ? 'retrying' : 'failed', details: { error } },
      ),

    /** There was nothing to do. */
    stepSkipped: (lease: Lease, step: StepName): Promise<void> =>
      ofStep(lease, step, { status: 'skipped', finished_at: databaseNow, error_json: null }, { kind: 'skipped' }),

    /** Of a teardown: what the step had made is gone, so its own line is done. */
    stepUndone: (lease: Lease, step: StepName): Promise<void> =>
      ofStep(lease, step, { status: 'done', finished_at: databaseNow, error_json: null }, { kind: 'undone' }),

    runDone: (lease: Lease): Promise<void> =>
      ofRun(lease, { status: 'done', finished_at: databaseNow, error_json: null }, { kind: 'run_done' }),

    runFailed: (lease: Lease, error: StoreError): Promise<void> =>
      ofRun(
        lease,
        { status: 'failed', finished_at: databaseNow, error_json: writeJson(error) },
        { kind: 'run_failed', details: { error } },
      ),
  };
}

function eventOf(lease: Lease, step: StepName | null, kind: EventKind, details: Readonly<Record<string, unknown>>) {
  const { runId, storeId } = lease;
  return { run_id: runId, store_id: storeId, step, kind, at: databaseNow, details_json: writeJson(details) };
}
