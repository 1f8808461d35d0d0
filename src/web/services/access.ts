import type { DatabaseAnswer } from '../../domain/database-opening.ts';
import type { AdminLink } from '../../stores/admin-links.ts';
import type { Visitor } from './accounts.ts';

/** A store whose database is open in phpMyAdmin. */
export interface OpenDatabaseView {
  readonly storeId: string;
  readonly name: string;
  /** ISO. */
  readonly until: string;
}

/** The ways into a shop. Each is the owner's alone; the worker looks for itself. */
export interface AccessService {
  /**
   * A link that opens the administration once, within a minute; earlier ones end. Throws `step_up_required`, `not_found`,
   * `not_allowed_now`, `shop_command_failed`, `too_many_tries`, `worker_unavailable`.
   */
  openAdmin(token: string, storeId: string, visitor: Visitor): Promise<AdminLink>;
  /**
   * phpMyAdmin for the store's database, for two hours and as long as the session lives; an earlier one ends. Throws
   * `step_up_required`, `not_while_acting`, `not_found`, `not_allowed_now`, `too_many_tries`, `worker_unavailable`.
   */
  openDatabase(token: string, storeId: string, visitor: Visitor): Promise<DatabaseAnswer>;
  /** It is gone. Throws as `openDatabase` does, but for the step-up. */
  closeDatabase(token: string, storeId: string, visitor: Visitor): Promise<void>;
  /** Those of the customer's stores that are open, by the store's name. */
  openDatabases(customerId: string): Promise<readonly OpenDatabaseView[]>;
  /** The socket behind a way in, by the token in its address; `undefined` when there is none or it is over. */
  databaseDoor(storeId: string, token: string): Promise<string | undefined>;
  /** No link opens any more. Throws as `openAdmin` does, but for the step-up. */
  revokeAdminLinks(token: string, storeId: string, visitor: Visitor): Promise<void>;
}
