import type { Selectable } from 'kysely';
import { RUN_RULES, type Run, type RunInput, type RunKind, type StepRecord } from '../../domain/run.ts';
import { newId } from '../../lib/new-id.ts';
import { readStoreError, readTexts, writeJson } from './json-columns.ts';
import type { Schema } from './schema.ts';
import { databaseNow, type Queries, type Tx } from './transactions.ts';

/** A queued run with its waiting steps, due at once by the database's clock. Returns its id. */
export async function insertRun(
  tx: Tx,
  { storeId, kind, now, input }: { storeId: string; kind: RunKind; now: Date; input?: RunInput },
): Promise<string> {
  const id = newId('run');
  await tx
    .insertInto('provisioning_jobs')
    .values({
      id,
      store_id: storeId,
      kind,
      status: 'queued',
      next_attempt_at: databaseNow,
      created_at: now,
      ...(input === undefined ? {} : { input_json: writeJson(input) }),
    })
    .execute();
  await tx
    .insertInto('provisioning_steps')
    .values(RUN_RULES[kind].steps.map((name, position) => ({ run_id: id, position, name })))
    .execute();
  return id;
}

/** The same runs with their steps, in the same order. */
export async function withSteps(
  queries: Queries,
  jobs: readonly Selectable<Schema['provisioning_jobs']>[],
): Promise<Run[]> {
  if (jobs.length === 0) return [];
  const ids = jobs.map(({ id }) => id);
  const rows = await queries
    .selectFrom('provisioning_steps')
    .selectAll()
    .where('run_id', 'in', ids)
    .orderBy('position')
    .execute();
  return jobs.map((job) => toRun(job, rows.filter((row) => row.run_id === job.id).map(toStepRecord)));
}

export function toRun(job: Selectable<Schema['provisioning_jobs']>, steps: readonly StepRecord[]): Run {
  return {
    id: job.id,
    storeId: job.store_id,
    kind: job.kind,
    input: readRunInput(job.input_json),
    status: job.status,
    attempt: job.attempt,
    steps,
    error: readStoreError(job.error_json),
    createdAt: job.created_at,
    startedAt: job.started_at,
    finishedAt: job.finished_at,
  };
}

export const readRunInput = (text: string | null): RunInput => (text === null ? {} : readTexts(text));

export function toStepRecord(
  row: Pick<
    Selectable<Schema['provisioning_steps']>,
    'name' | 'status' | 'started_at' | 'finished_at' | 'error_json' | 'log_tail'
  >,
): StepRecord {
  return {
    name: row.name,
    status: row.status,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    error: readStoreError(row.error_json),
    logTail: row.log_tail,
  };
}
