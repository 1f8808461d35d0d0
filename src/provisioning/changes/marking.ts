import type { Lease, Run, StepName } from '../../domain/run.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { Step } from '../step.ts';
import { STEP_TITLES } from '../step-titles.ts';

/** Writes what the store is now, and the ledger's line with it; once per run, however often it is asked. */
export type Mark = (lease: Lease, run: Run, now: Date) => Promise<void>;

/** The step that makes it so for everybody who reads the store's row. */
export function marking(name: StepName, deps: { mark: Mark; now: () => Date }): Step {
  return {
    name,
    title: STEP_TITLES[name],
    deadlineMs: MINUTE,
    retry: { attempts: 3, backoffMs: SECOND },
    ensure: (_store, { lease, run }) => deps.mark(lease, run, deps.now()),
  };
}
