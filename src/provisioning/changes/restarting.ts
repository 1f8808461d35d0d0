import type { Store } from '../../domain/store.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { Step } from '../step.ts';
import { STEP_TITLES } from '../step-titles.ts';
import { type Edge, probeShop } from '../steps/route-traffic.ts';
import type { PhpLimitsOfStores } from '../steps/start-containers.ts';

/** A store's containers while they start anew. */
export interface RestartableContainers {
  /**
   * Every container has started after `since` and is healthy. One after the other, the one that visitors reach last; what
   * has started since is left alone, so whoever goes on after a crash ends nothing twice. Throws `container_unhealthy`.
   */
  restart(store: Store, since: Date, signal: AbortSignal, log: (line: string) => void): Promise<void>;
}

/** Each part of the shop has started since that was wished for. */
export function restartContainers(deps: { containers: RestartableContainers; phpLimits: PhpLimitsOfStores }): Step {
  return {
    name: 'restart-containers',
    title: STEP_TITLES['restart-containers'],
    // The largest platform has seven, and its search engine alone may take a minute.
    deadlineMs: 10 * MINUTE,
    retry: { attempts: 3, backoffMs: 2 * SECOND },
    async ensure(store, { run, signal, log }) {
      // As at every start: what a run that was called off left half done is forgotten.
      await deps.phpLimits.files.write(store, await deps.phpLimits.known.find(store.id));
      await deps.containers.restart(store, run.createdAt, signal, log);
    },
  };
}

/** Visitors find the shop, asked from outside as they would. */
export function lookAgain({ edge }: { edge: Pick<Edge, 'probe' | 'probeAnswer'> }): Step {
  return {
    name: 'look-again',
    title: STEP_TITLES['look-again'],
    deadlineMs: 2 * MINUTE,
    retry: { attempts: 4, backoffMs: SECOND },
    ensure: (store, { signal }) => probeShop(edge, store, signal),
  };
}
