import type { PlanWish } from '../domain/plan-wish.ts';
import type { Plan } from '../domain/store.ts';
import type { SecretActions } from './secret-actions.ts';

/** What only whoever runs the platform asks for, and no desk offers. */
export interface OperatorActions extends SecretActions {
  /** Smallest first. */
  listPlans(): Promise<readonly Plan[]>;
  /** Only what is named changes; new stores get it, running ones when they are next resized or repaired. Throws `not_found`. */
  changePlan(name: string, wish: PlanWish): Promise<Plan>;
  /** By id, else by e-mail. Throws `not_found`, `not_allowed_now` for the last operator. */
  removeAdmin(idOrEmail: string): Promise<void>;
}
