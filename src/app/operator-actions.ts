import { operatorName } from '../adapters/process/operator-name.ts';
import type { OperatorActions } from '../cli/operator-actions.ts';
import { originOfOperator } from '../domain/origin.ts';
import { assertPlanWish } from '../domain/plan-wish.ts';
import type { Adapters } from './adapters.ts';
import { findCustomerId } from './find-customer-id.ts';

/** `shopctl plan …`, `shopctl admin remove` */
export function createOperatorActions(
  opened: () => Pick<Adapters, 'repositories'>,
): Pick<OperatorActions, 'listPlans' | 'changePlan' | 'removeAdmin'> {
  const act = () => ({ origin: originOfOperator(operatorName()), now: new Date() });
  return {
    listPlans: () => opened().repositories.plans.list(),
    async changePlan(name, wish) {
      assertPlanWish(wish);
      const { plans } = opened().repositories;
      await plans.change((await plans.get(name)).name, wish, act());
      return plans.get(name);
    },
    async removeAdmin(idOrEmail) {
      const customerId = await findCustomerId(opened(), idOrEmail);
      await opened().repositories.operators.remove({ customerId, ...act() });
    },
  };
}
