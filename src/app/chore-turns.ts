import type { Repositories } from '../adapters/mysql/index.ts';
import type { ChoreTurn } from '../domain/chores.ts';
import { SECOND } from '../lib/time.ts';
import { CHORE_PERIODS } from '../worker/start-worker.ts';

/**
 * What every worker does, in its own turns: that one did is written down this often at most. The outbox's is longer than
 * the slowest mail takes, so that a server which answers late is not taken for a worker that is gone.
 */
export const NOTED_EVERY_MS = { sweep: 10 * SECOND, outbox: 30 * SECOND } as const;

/** Those of which one worker takes each turn, so that MySQL knows when that was. */
const CLAIMED = ['ledger', 'health', 'orphans', 'accounts', 'deletions', 'certificates', 'diskUsage'] as const;

/** When everything that recurs, and that somebody would miss, had its last turn; for `doctor` and the desk. */
export function choreTurnsOf({ tasks }: Pick<Repositories, 'tasks'>): () => Promise<ChoreTurn[]> {
  const periods: readonly (readonly [string, number])[] = [
    ...Object.entries(NOTED_EVERY_MS),
    ...CLAIMED.map((name) => [name, CHORE_PERIODS[name]] as const),
  ];
  return () => Promise.all(periods.map(async ([name, everyMs]) => ({ name, everyMs, ranAt: await tasks.ranAt(name) })));
}
