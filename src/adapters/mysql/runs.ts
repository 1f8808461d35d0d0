import { NotFoundError } from '../../domain/errors.ts';
import { RUN_KINDS, RUN_RULES, type Run, type RunKind, type RunStatus, type StepName } from '../../domain/run.ts';
import { readJson } from './json-columns.ts';
import type { Database } from './open-database.ts';
import { queueRepair, queueRetry, type RunRequest } from './run-requests.ts';
import { toRun, toStepRecord, withSteps } from './run-rows.ts';
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

    /** The newest run of the store, of one of these kinds. One question: pages and programs that watch a store ask it all the time. */
    async latest(storeId: string, kinds: readonly RunKind[] = RUN_KINDS): Promise<Run | undefined> {
      const newest = jobs()
        .where('store_id', '=', storeId)
        .where('kind', 'in', kinds)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(1);
      const rows = await db.kysely
        .selectFrom(newest.as('job'))
        .innerJoin('provisioning_steps as step', 'step.run_id', 'job.id')
        .selectAll('job')
        .select(['step.name as step_name', 'step.status as step_status', 'step.started_at as step_started_at'])
        .select(['step.finished_at as step_finished_at', 'step.error_json as step_error_json', 'step.log_tail'])
        .orderBy('step.position')
        .execute();
      const [job] = rows;
      if (job === undefined) return undefined;
      const steps = rows.map((row) =>
        toStepRecord({
          name: row.step_name,
          status: row.step_status,
          started_at: row.step_started_at,
          finished_at: row.step_finished_at,
          error_json: row.step_error_json,
          log_tail: row.log_tail,
        }),
      );
      return toRun(job, steps);
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

    /** Runs to be worked on now: unfinished, for stores in such a state, their time has come, nobody alive on the store. Longest waiting first. */
    async due(now: Date, limit: number): Promise<string[]> {
      const rows = await db.kysely
        .selectFrom('provisioning_jobs as job')
        .innerJoin('stores', 'stores.id', 'job.store_id')
        .select('job.id')
        .where('job.status', 'in', UNFINISHED)
        .where('job.next_attempt_at', '<=', now)
        .where((eb) =>
          eb.or(
            Object.entries(RUN_RULES).map(([kind, { worksOn }]) =>
              eb.and([eb('job.kind', '=', kind as RunKind), eb('stores.status', 'in', worksOn)]),
            ),
          ),
        )
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

    /** How often a walk over its steps has ended with one that failed, since the run was asked for. */
    async countFailures(runId: string): Promise<number> {
      const { count } = await db.kysely
        .selectFrom('provisioning_events')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('run_id', '=', runId)
        .where('kind', '=', 'failed')
        .executeTakeFirstOrThrow();
      return Number(count);
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
