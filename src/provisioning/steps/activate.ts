import type { Lease } from '../../domain/run.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { Step } from '../step.ts';
import { STEP_TITLES } from '../step-titles.ts';
import type { StoreContainers } from './start-containers.ts';

export function activate(deps: {
  containers: Pick<StoreContainers, 'giveFullWeight'>;
  stores: { activate(lease: Lease, now: Date): Promise<void> };
  now: () => Date;
}): Step {
  return {
    name: 'activate',
    title: STEP_TITLES.activate,
    deadlineMs: MINUTE,
    retry: { attempts: 3, backoffMs: SECOND },
    async ensure(store, { lease }) {
      await deps.containers.giveFullWeight(store);
      await deps.stores.activate(lease, deps.now());
    },
  };
}
