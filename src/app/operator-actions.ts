import { operatorName } from '../adapters/process/operator-name.ts';
import type { CliIdentity, OperatorActions } from '../cli/operator-actions.ts';
import type { Config } from '../config/config.ts';
import { parseLockReason } from '../domain/account-lock.ts';
import { originOfOperator } from '../domain/origin.ts';
import { assertPlanWish } from '../domain/plan-wish.ts';
import type { Adapters } from './adapters.ts';
import { findCustomerId } from './find-customer-id.ts';

/** `shopctl whoami` */
export function identityAt({ publicUrl, dataDir }: Pick<Config, 'publicUrl' | 'dataDir'>): CliIdentity {
  const name = operatorName();
  return { name, actor: originOfOperator(name).actor, publicUrl, dataDir };
}

/** `shopctl plan …`, `shopctl admin remove`, `shopctl customer lock|unlock` */
export function createOperatorActions(
  opened: () => Pick<Adapters, 'repositories'>,
): Pick<OperatorActions, 'listPlans' | 'changePlan' | 'removeAdmin' | 'lockCustomer' | 'unlockCustomer'> {
  const act = () => ({ origin: originOfOperator(operatorName()), now: new Date() });
  const lockWish = async (idOrEmail: string, text: string) => ({
    reason: parseLockReason(text),
    customerId: await findCustomerId(opened(), idOrEmail),
    ...act(),
  });
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
    async lockCustomer(idOrEmail, reason) {
      await opened().repositories.accountLocks.lock(await lockWish(idOrEmail, reason));
    },
    async unlockCustomer(idOrEmail, reason) {
      await opened().repositories.accountLocks.unlock(await lockWish(idOrEmail, reason));
    },
  };
}
