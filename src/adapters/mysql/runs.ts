import { NotFoundError } from '../../domain/errors.ts';
import type { Run, RunStatus, StepName } from '../../domain/run.ts';
import { readJson } from './json-columns.ts';
import type { Database } from './open-database.ts';
import { queueRepair, queueRetry, type RunRequest } from './run-requests.ts';
import { withSteps } from './run-rows.ts';
import type { EventKind } from './schema.ts';
import { databaseNow } from './transactions.ts';

export type RunRepository = ReturnType<typeof createRunRepository>;

/** One line of a store's story; ids grow within a store, so a reader resumes after the last one it has seen. */
export interface RunEvent {
  readonly id: number;
  readonly runId: string;
  readonly storeId: string;
  readonly step: StepName | null;
  readonly kind: EventKind;
  readonly at: Date;
  readonly details: unknown;
}

export interface RunCounts {
  readonly waiting: number;
  readonly active: number;
  readonly failed: number;
  readonly oldestWaitingAt: Date | null;
}

const MANY = 1000;
/** Never leased, or a lease that has died. */
const UNFINISHED: readonly RunStatus[] = ['queued', 'running'];

/** Runs, read and asked for. What happens inside a run is written by the journal. */
export function createRunRepository(db: Database) {
  const jobs = () => db.kysely.selectFrom('provisioning_jobs').selectAll();

  return {
    /** Throws `not_found`. */
    async get(runId: string): Promise<Run> {
      const [run] = await withSteps(db.kysely, await jobs().where('id', '=', runId).execute());
      if (run === undefined) throw new NotFoundError('job', runId);
      return run;
    },

    /** The newest run of the store, of whatever kind. */
    async latest(storeId: string): Promise<Run | undefined> {
      const rows = await jobs()
        .where('store_id', '=', storeId)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(1)
        .execute();
      return (await withSteps(db.kysely, rows))[0];
    },

    /** Newest first. */
    async list({ status, limit = MANY }: { status?: RunStatus; limit?: number } = {}): Promise<Run[]> {
      const query = status === undefined ? jobs() : jobs().where('status', '=', status);
      const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
      return withSteps(db.kysely, rows);
    },

    /** The same run again, with the next attempt number: for stores that are `pending` or `failed`. Throws `not_allowed_now`. */
    queueRetry: (request: RunRequest): Promise<string> => queueRetry(db, request),

    /** A repair run for an active store; the one that waits already, when there is one. Throws `not_allowed_now`. */
    queueRepair: (request: RunRequest): Promise<string> => queueRepair(db, request),

    /** Runs to be worked on now: unfinished, their time has come, nobody alive on the store. Longest waiting first. */
    async due(now: Date, limit: number): Promise<string[]> {
      const rows = await db.kysely
        .selectFrom('provisioning_jobs as job')
        .innerJoin('stores', 'stores.id', 'job.store_id')
        .select('job.id')
        .where('job.status', 'in', UNFINISHED)
        .where('job.next_attempt_at', '<=', now)
        .where((eb) =>
          eb.or([eb('stores.lease_expires_at', 'is', null), eb('stores.lease_expires_at', '<=', databaseNow)]),
        )
        .orderBy('job.next_attempt_at')
        .orderBy('job.id')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },

    /** The store's story after that event, in order. */
    async events(storeId: string, afterId: number, limit: number): Promise<RunEvent[]> {
      const rows = await db.kysely
        .selectFrom('provisioning_events')
        .selectAll()
        .where('store_id', '=', storeId)
        .where('id', '>', afterId)
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(({ id, run_id, store_id, step, kind, at, details_json }) => ({
        id,
        runId: run_id,
        storeId: store_id,
        step,
        kind,
        at,
        details: readJson(details_json),
      }));
    },

    async counts(): Promise<RunCounts> {
      const rows = await db.kysely
        .selectFrom('provisioning_jobs')
        .select(({ fn }) => ['status', fn.countAll<number>().as('count'), fn.min('next_attempt_at').as('oldest')])
        .groupBy('status')
        .execute();
      const of = (status: RunStatus) => rows.find((row) => row.status === status);
      return {
        waiting: Number(of('queued')?.count ?? 0),
        active: Number(of('running')?.count ?? 0),
        failed: Number(of('failed')?.count ?? 0),
        oldestWaitingAt: of('queued')?.oldest ?? null,
      };
    },
  };
}
