import type { RunKind, RunStatus, ShownRun, StepName, StepStatus } from '../../domain/run.ts';
import type { ShownStore } from '../../domain/store.ts';
import { readStoreError } from './json-columns.ts';
import type { Database } from './open-database.ts';
import { selectShownStores, toShownStore } from './store-rows.ts';

export type ShownStoreRepository = ReturnType<typeof createShownStoreRepository>;

/** A store, and whose it has to be. */
export interface AskedStore {
  readonly id: string;
  readonly customerId: string;
}

/**
 * Stores as their owners look at them: of many in one question, since pages and programs ask all the time. What does not
 * depend on who asks is built once.
 */
export function createShownStoreRepository({ kysely }: Database) {
  const shown = selectShownStores(kysely);
  // From the owner or the store on, so that one row is looked up for each, however many there are.
  const newest = shown.innerJoin('customers', (join) =>
    join.on('stores.id', '=', ({ selectFrom }) =>
      selectFrom('stores as own')
        .select('own.id')
        .whereRef('own.customer_id', '=', 'customers.id')
        .orderBy('own.created_at', 'desc')
        .orderBy('own.id', 'desc')
        .limit(1),
    ),
  );
  const buildLatestRuns = (kinds: readonly RunKind[]) =>
    kysely
      .selectFrom('stores')
      .innerJoin('provisioning_jobs as job', (join) =>
        join.on('job.id', '=', ({ selectFrom }) =>
          selectFrom('provisioning_jobs as its')
            .select('its.id')
            .whereRef('its.store_id', '=', 'stores.id')
            .where('its.kind', 'in', kinds)
            .orderBy('its.created_at', 'desc')
            .orderBy('its.id', 'desc')
            .limit(1),
        ),
      )
      .innerJoin('provisioning_steps as step', 'step.run_id', 'job.id')
      .select(['job.store_id', 'job.id', 'job.kind', 'job.status', 'job.attempt', 'job.error_json'])
      .select(['step.position', 'step.name', 'step.status as step_status', 'step.error_json as step_error_json'])
      .select(['step.started_at', 'step.finished_at']);
  /** By the list of kinds itself: there are few, and each is one for good. */
  const built = new WeakMap<readonly RunKind[], ReturnType<typeof buildLatestRuns>>();
  const latestRuns = (kinds: readonly RunKind[]): ReturnType<typeof buildLatestRuns> => {
    const known = built.get(kinds) ?? buildLatestRuns(kinds);
    built.set(kinds, known);
    return known;
  };

  return {
    /** The newest store of each of the customers, by customer; who has none is absent. */
    async newestOf(customerIds: readonly string[]): Promise<ReadonlyMap<string, ShownStore>> {
      const rows = await newest.where('customers.id', 'in', customerIds).execute();
      return new Map(rows.map((row) => [row.customer_id, toShownStore(row)]));
    },

    /** By id. A store that is somebody else's is as absent as one that there is not. */
    async find(asked: readonly AskedStore[]): Promise<ReadonlyMap<string, ShownStore>> {
      if (asked.length === 0) return new Map();
      const rows = await shown
        .where(({ eb, or, and }) =>
          or(
            asked.map(({ id, customerId }) =>
              and([eb('stores.id', '=', id), eb('stores.customer_id', '=', customerId)]),
            ),
          ),
        )
        .execute();
      return new Map(rows.map((row) => [row.id, toShownStore(row)]));
    },

    /** The newest run of each of the stores, of one of these kinds, by store. */
    async runsOf(storeIds: readonly string[], kinds: readonly RunKind[]): Promise<ReadonlyMap<string, ShownRun>> {
      const rows = await latestRuns(kinds).where('stores.id', 'in', storeIds).execute();
      const stepsOf = new Map<string, typeof rows>();
      for (const row of rows) {
        const known = stepsOf.get(row.store_id);
        if (known === undefined) stepsOf.set(row.store_id, [row]);
        else known.push(row);
      }
      // Put in order here: the server would sort the steps of all of them together.
      return new Map(
        [...stepsOf].map(([storeId, steps]) => [storeId, toShownRun(steps.sort((a, b) => a.position - b.position))]),
      );
    },
  };
}

interface ShownStepRow {
  readonly id: string;
  readonly kind: RunKind;
  readonly status: RunStatus;
  readonly attempt: number;
  readonly error_json: string | null;
  readonly name: StepName;
  readonly step_status: StepStatus;
  readonly step_error_json: string | null;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
}

/** Of a run's steps in order, each with the run itself. */
function toShownRun(rows: readonly ShownStepRow[]): ShownRun {
  const [{ id, kind, status, attempt, error_json }] = rows as readonly [ShownStepRow];
  return {
    id,
    kind,
    status,
    attempt,
    error: readStoreError(error_json),
    steps: rows.map((row) => ({
      name: row.name,
      status: row.step_status,
      startedAt: row.started_at,
      finishedAt: row.finished_at,
      error: readStoreError(row.step_error_json),
    })),
  };
}
