import { AppError } from '../../domain/errors.ts';
import { assertPlanHolds } from '../../domain/plan-change.ts';
import type { Run } from '../../domain/run.ts';
import type { Plan, Store } from '../../domain/store.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { Step } from '../step.ts';
import { STEP_TITLES } from '../step-titles.ts';

export interface PlansByName {
  get(name: string): Promise<Plan>;
}

/** A store's containers while its plan changes. */
export interface LimitedContainers {
  /** Gives every container that is there the plan's limits, while it runs, and reads them back. Recreates and restarts none. */
  applyLimits(store: Store, plan: Plan): Promise<void>;
  /** What each running service holds in memory, without what the kernel could drop; services that stand still are absent. */
  memoryInUse(store: Store, plan: Plan): Promise<readonly { service: string; bytes: number; limitBytes: number }[]>;
}

const planOf = (run: Run): string => {
  const { plan } = run.input;
  if (plan === undefined) throw new AppError('internal_error', `The run ${run.id} names no plan.`);
  return plan;
};

/** The plan holds what the shop has on disk and in memory right now. Throws `plan_too_small`, with the figures. */
export function checkRoom(deps: {
  plans: PlansByName;
  containers: Pick<LimitedContainers, 'memoryInUse'>;
  measureDisk: (store: Store, signal: AbortSignal) => Promise<number>;
}): Step {
  return {
    name: 'check-room',
    title: STEP_TITLES['check-room'],
    deadlineMs: 5 * MINUTE,
    retry: { attempts: 3, backoffMs: SECOND },
    async ensure(store, { run, signal }) {
      const plan = await deps.plans.get(planOf(run));
      const diskBytes = await deps.measureDisk(store, signal);
      assertPlanHolds(plan, { diskBytes, memory: await deps.containers.memoryInUse(store, plan) });
    },
  };
}

/** Every container has the new plan's limits. When one will not take them, all get their old ones back. */
export function applyLimits(deps: { plans: PlansByName; containers: Pick<LimitedContainers, 'applyLimits'> }): Step {
  return {
    name: 'apply-limits',
    title: STEP_TITLES['apply-limits'],
    deadlineMs: MINUTE,
    retry: { attempts: 3, backoffMs: SECOND },
    async ensure(store, { run, log }) {
      const plan = await deps.plans.get(planOf(run));
      try {
        await deps.containers.applyLimits(store, plan);
      } catch (thrown) {
        const before = await deps.plans.get(store.plan);
        await deps.containers.applyLimits(store, before).catch((again: unknown) => log(`old limits: ${String(again)}`));
        throw thrown;
      }
    },
  };
}
