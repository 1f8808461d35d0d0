import type { Origin } from '../../domain/origin.ts';
import type { PasswordHolder } from '../../domain/secrets.ts';
import type { Plan } from '../../domain/store.ts';
import type { Visitor } from './accounts.ts';

/** A plan as it could be chosen for a store that is made. */
export interface PlanChoice {
  readonly plan: Plan;
  readonly isCurrent: boolean;
  /** Why it cannot be chosen, a sentence; `null` when it can. */
  readonly refusal: string | null;
}

export interface PlanChoices {
  readonly choices: readonly PlanChoice[];
  /** What the shop takes on disk, as last measured; `null` before that. */
  readonly diskBytes: number | null;
}

/** Exactly what goes when a store is deleted. */
export interface WhatGoes {
  /** Host names that lead to it. */
  readonly domains: readonly string[];
  readonly databases: number;
  readonly diskBytes: number | null;
  /** How long it can be undone. */
  readonly graceDays: number;
}

/** What an owner may do with a store that is made. Somebody else's is `not_found`. */
export interface LifeServices {
  /** Closed until its owner, or an operator, opens it. Throws `not_allowed_now`. */
  pause(customerId: string, storeId: string, origin: Origin): Promise<void>;
  /** Throws `not_allowed_now`, also for what an operator has closed. */
  resume(customerId: string, storeId: string, origin: Origin): Promise<void>;
  /** Its parts start anew, one after the other; a request that meets one of them just then fails. Throws `not_allowed_now`. */
  restart(customerId: string, storeId: string, origin: Origin): Promise<void>;
  planChoices(customerId: string, storeId: string): Promise<PlanChoices>;
  /**
   * A new password of the shop's administrator or of its database, which the credentials show as soon as it is good.
   * Throws `not_allowed_now`, also while something else is done with the store, and `request_refused` for operators who
   * act as the owner.
   */
  rotate(customerId: string, storeId: string, whose: PasswordHolder, origin: Origin): Promise<void>;
  /** Throws `plan_too_small`, `too_many_stores`, `invalid_input`, `not_allowed_now`. */
  resize(customerId: string, storeId: string, plan: string, origin: Origin): Promise<void>;
  /**
   * A store that was never open is taken down now, after what is being done to it this moment. Throws `InvalidInputError`
   * for `name` unless it is the store's, `not_allowed_now` for one that is, or was, open, and what a worker refuses:
   * `not_while_acting`, `step_up_required`, `worker_unavailable`.
   */
  cancel(
    asker: { readonly customerId: string; readonly token: string; readonly visitor: Visitor },
    storeId: string,
    name: string,
  ): Promise<void>;
  whatGoes(customerId: string, storeId: string): Promise<WhatGoes>;
  /**
   * Closed now, gone after the days of grace. Throws `InvalidInputError` for `name` unless it is the store's,
   * `not_allowed_now`, and `request_refused` for operators who act as the owner.
   */
  scheduleDelete(customerId: string, storeId: string, name: string, origin: Origin): Promise<void>;
  /** Back to what it was. Throws `not_allowed_now`. */
  undoDelete(customerId: string, storeId: string, origin: Origin): Promise<void>;
}
