import { AppError, LeaseLostError, toAppError } from '../../domain/errors.ts';
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

/** Every container has the new plan's limits. */
export function applyLimits(deps: { plans: PlansByName; containers: Pick<LimitedContainers, 'applyLimits'> }): Step {
  return {
    name: 'apply-limits',
    title: STEP_TITLES['apply-limits'],
    deadlineMs: MINUTE,
    retry: { attempts: 3, backoffMs: SECOND },
    ensure: async (store, { run }) => deps.containers.applyLimits(store, await deps.plans.get(planOf(run))),
  };
}

/**
 * As the step. When it fails, every container has the limits of the plan that the store has: also where this run was
 * cut off after it had given its own, or has called off another that had. When they cannot be given, the step fails
 * with that instead.
 */
export function orLimitsAsBefore(
  step: Step,
  deps: {
    stores: { get(id: string): Promise<Store> };
    plans: PlansByName;
    containers: Pick<LimitedContainers, 'applyLimits'>;
  },
): Step {
  return {
    ...step,
    async ensure(store, context) {
      try {
        await step.ensure(store, context);
      } catch (thrown) {
        // The store is somebody else's, or the run goes on later: whoever takes it up gives the limits.
        if (context.signal.aborted || thrown instanceof LeaseLostError) throw thrown;
        context.log(`The limits stay as before: ${toAppError(thrown).message}`);
        // Asked again: a write whose answer was lost may have given it the new plan.
        const now = await deps.stores.get(store.id);
        await deps.containers.applyLimits(now, await deps.plans.get(now.plan));
        throw thrown;
      }
    },
  };
}
