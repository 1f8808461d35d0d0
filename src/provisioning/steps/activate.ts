import type { Lease } from '../../domain/run.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { Step } from '../step.ts';
import { STEP_TITLES } from '../step-titles.ts';

export function activate(deps: {
  stores: { activate(lease: Lease, now: Date): Promise<void> };
  now: () => Date;
}): Step {
  return {
    name: 'activate',
    title: STEP_TITLES.activate,
    deadlineMs: MINUTE,
    retry: { attempts: 3, backoffMs: SECOND },
    ensure: (_store, { lease }) => deps.stores.activate(lease, deps.now()),
  };
}
