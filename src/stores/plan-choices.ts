import { AppError } from '../domain/errors.ts';
import { assertPlanHolds } from '../domain/plan-change.ts';
import type { Plan, Store } from '../domain/store.ts';
import { choosePlan } from '../domain/store-input.ts';
import { stackOf } from '../stacks/index.ts';
import type { PlanChoice, PlanChoices } from '../web/services/life.ts';

export interface PlanChoiceDeps {
  readonly plans: { list(): Promise<readonly Plan[]> };
  readonly usage: { find(storeId: string): Promise<{ readonly diskBytes: number } | undefined> };
}

/** Which plans a store could have, and what keeps it from the others; the same for its owner and for operators. */
export function createPlanChoices({ plans, usage }: PlanChoiceDeps): (store: Store) => Promise<PlanChoices> {
  return async (store) => {
    const [all, used] = await Promise.all([plans.list(), usage.find(store.id)]);
    const choices = all.map(
      (plan): PlanChoice => ({
        plan,
        isCurrent: plan.name === store.plan,
        refusal: whyNot(plan, store, used?.diskBytes),
      }),
    );
    return { choices, diskBytes: used?.diskBytes ?? null };
  };
}

/** What keeps a store from a plan, as far as can be told without looking at the machine. */
function whyNot(plan: Plan, store: Store, diskBytes: number | undefined): string | null {
  try {
    choosePlan([plan], plan.name, stackOf(store.platform));
    assertPlanHolds(plan, { diskBytes, memory: [] });
    return null;
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown.message;
    throw thrown;
  }
}
