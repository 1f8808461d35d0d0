import { isProcessAlive } from '../../src/adapters/process/process-identity.ts';
import { STEP_NAMES, type StepName } from '../../src/domain/run.ts';
import { pause } from '../../src/lib/deadline.ts';
import { MINUTE } from '../../src/lib/time.ts';
import type { StoreView } from '../../src/stores/present-store.ts';
import type { TestPlatform } from './platform.ts';
import { until } from './until.ts';

const BETWEEN_VISITS_MS = 100;
const IN_ORDER: readonly StepName[] = STEP_NAMES;

/** Kills every worker as soon as the journal tells that of the step, or as soon as the store is gone. */
export async function killWorkersAt(
  platform: TestPlatform,
  storeId: string,
  { step, kind }: { step: StepName; kind: 'started' | 'undone' },
  withinMs = 2 * MINUTE,
): Promise<void> {
  const { runs, stores } = platform.adapters.repositories;
  await until(
    async () => {
      const [workers, events] = await Promise.all([workersOf(platform), runs.events(storeId, 0, 1000)]);
      const isThen =
        events.some((event) => event.step === step && event.kind === kind) ||
        (await stores.find({ id: storeId })) === undefined;
      if (!isThen) return undefined;
      kill(workers);
      return true;
    },
    withinMs,
    2,
  );
}

/**
 * Kills every worker while the store's run is at this step, or beyond it and not done: while it is looked at, nobody can
 * write into its journal. Throws when the run has ended before it could be killed.
 */
export const killWorkersWithin = (platform: TestPlatform, storeId: string, step: StepName): Promise<StepName> =>
  until(
    async (see) => {
      const workers = await workersOf(platform);
      return await platform.adapters.database.kysely.transaction().execute(async (tx) => {
        await tx.selectFrom('stores').select('fence').where('id', '=', storeId).forUpdate().execute();
        const steps = await tx
          .selectFrom('provisioning_steps')
          .innerJoin('provisioning_jobs', 'provisioning_jobs.id', 'provisioning_steps.run_id')
          .select(['provisioning_steps.name', 'provisioning_steps.status'])
          .where('provisioning_jobs.store_id', '=', storeId)
          .execute();
        see(steps);
        if (steps.every(({ status }) => status === 'done'))
          throw new Error(`Nobody could be killed: ${storeId} is made.`);
        const under = steps.find(({ status }) => status === 'running')?.name;
        if (under === undefined || IN_ORDER.indexOf(under) < IN_ORDER.indexOf(step)) return undefined;
        kill(workers);
        return under;
      });
    },
    MINUTE,
    2,
  );

/** Kills every worker now. */
export async function killWorkers(platform: TestPlatform): Promise<void> {
  kill(await workersOf(platform));
}

/** What is done inside happens before any worker can look; they are killed then. */
export async function killWorkersAfter<T>(platform: TestPlatform, act: () => Promise<T>): Promise<T> {
  const workers = await workersOf(platform);
  for (const pid of workers) process.kill(pid, 'SIGSTOP');
  try {
    return await act();
  } finally {
    kill(workers);
  }
}

/** All that have said that they work, and live: one that has not yet holds nothing. */
async function workersOf({ adapters }: TestPlatform): Promise<number[]> {
  const known = await adapters.repositories.workers.list();
  const isThere = await Promise.all(known.map(({ id, pid }) => isProcessAlive(pid, id.split('_')[3] ?? '')));
  return known.filter((_, at) => isThere[at]).map(({ pid }) => pid);
}

/** A worker that died for another reason meanwhile is as dead as wanted. */
function kill(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** Resolves when as many workers live as this platform is to have; for one with `WORKER_PROCESSES=2`. */
export const untilTwoWorkers = (platform: TestPlatform): Promise<true> =>
  until(async (see) => {
    const pids = await platform.workerPids();
    see({ pids, alive: pids.filter(isAlive) });
    return pids.filter(isAlive).length === 2 ? true : undefined;
  });

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** What is done inside happens before any worker can look. */
export async function whileWorkersPause<T>(platform: TestPlatform, act: () => Promise<T>): Promise<T> {
  const pids = await platform.workerPids();
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  try {
    return await act();
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
}

/** The store once it is active or has failed. */
export const untilVerdict = (
  platform: TestPlatform,
  { id }: Pick<StoreView, 'id'>,
  withinMs = 5 * MINUTE,
): Promise<StoreView> =>
  until(async (see) => {
    const now = await platform.store(id);
    see(now);
    return now.status === 'failed' || now.status === 'active' ? now : undefined;
  }, withinMs);

/** Resolves when the store is active and every step of its run is done; throws when the store failed. */
export const untilAllDone = (platform: TestPlatform, storeId: string): Promise<StoreView> =>
  until(async (see) => {
    const store = await platform.settled(storeId, ['active']);
    see(store);
    return store.run?.steps.every(({ status }) => status === 'done') === true ? store : undefined;
  });

/** Resolves when a visitor gets the first page. */
export const untilServed = (platform: TestPlatform, store: StoreView, withinMs = 2 * MINUTE): Promise<true> =>
  until(async (see) => {
    const status = await platform.visit(store.url).then(
      (answer) => answer.status,
      (error: unknown) => String(error),
    );
    see(`${store.url}: ${status}`);
    return status === 200 ? true : undefined;
  }, withinMs);

/** How often a visitor, asking again and again while `act` is under way, did not get the first page. */
export async function missesDuring(
  platform: TestPlatform,
  stores: readonly StoreView[],
  act: () => Promise<unknown>,
): Promise<number> {
  let misses = 0;
  let isWatching = true;
  const watching = Promise.all(
    stores.map(async ({ url }) => {
      while (isWatching) {
        if ((await platform.visit(url).catch(() => ({ status: 0 }))).status !== 200) misses += 1;
        await pause(BETWEEN_VISITS_MS);
      }
    }),
  );
  await act().finally(() => {
    isWatching = false;
  });
  await watching;
  return misses;
}
