import type { PlanWish } from '../domain/plan-wish.ts';
import type { Plan } from '../domain/store.ts';
import type { DatabaseActions } from './database-actions.ts';
import type { PoolActions } from './pool-actions.ts';
import type { SecretActions } from './secret-actions.ts';

/** What only whoever runs the platform asks for, and no desk offers. */
export interface OperatorActions extends DatabaseActions, PoolActions, SecretActions {
  /** Who sits at the command line, and at which platform's. Needs no database. */
  whoAmI(): Promise<CliIdentity>;
  /** Smallest first. */
  listPlans(): Promise<readonly Plan[]>;
  /** Only what is named changes; new stores get it, running ones when they are next resized or repaired. Throws `not_found`. */
  changePlan(name: string, wish: PlanWish): Promise<Plan>;
  /** What `deleteStore` would take away, looked at where it is. Changes nothing. Throws `not_found`. */
  previewDelete(input: { readonly storeId: string; readonly signal: AbortSignal }): Promise<DeletionPreview>;
  /** By id, else by e-mail. Throws `not_found`, `not_allowed_now` for the last operator. */
  removeAdmin(idOrEmail: string): Promise<void>;
  /**
   * By id, else by e-mail. Nobody signs in to the account from then on: everybody is signed out, its tokens are revoked;
   * its stores stay as they are. Throws `invalid_input` for a reason that is none, `not_found`, and `not_allowed_now` for
   * one that is locked and for the last operator.
   */
  lockCustomer(idOrEmail: string, reason: string): Promise<void>;
  /** Its owner may sign in again. Throws as `lockCustomer`, `not_allowed_now` for one that is not locked. */
  unlockCustomer(idOrEmail: string, reason: string): Promise<void>;
}

export interface CliIdentity {
  readonly name: string;
  /** As the ledger names them. */
  readonly actor: string;
  readonly publicUrl: string;
  readonly dataDir: string;
}

/** Exactly what goes with a store. */
export interface DeletionPreview {
  readonly id: string;
  readonly name: string;
  /** Names in the engine. */
  readonly containers: readonly string[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
  /** The store's folder with all that is in it, then the folders of its data, each as it is on disk. */
  readonly folders: readonly { readonly path: string; readonly bytes: number }[];
  /** The symlink for people. */
  readonly link: string;
  /** Also those that are only wished for. */
  readonly domains: readonly string[];
  /** Mails in the outbox that are about it or that its shop wrote: those that wait to be sent, and all. */
  readonly mails: { readonly waiting: number; readonly all: number };
  readonly port: number;
  readonly subnet: string;
  readonly uid: number;
}
