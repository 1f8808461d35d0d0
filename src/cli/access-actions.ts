import type { AdminLink } from '../stores/admin-links.ts';

/** The ways into a shop that `shopctl` knows besides its credentials. Each throws `not_found`. */
export interface AccessActions {
  /**
   * Signs in to the administration once, within a minute; earlier ones end. Leaves a line in the ledger. Throws
   * `not_allowed_now` where the shop is not open or its platform has no such link, `shop_command_failed`.
   */
  openAdmin(input: { readonly storeId: string; readonly signal: AbortSignal }): Promise<AdminLink>;
  /** Whether its owner looks into its database, and where. */
  readDatabaseAccess(storeId: string): Promise<DatabaseAccessView>;
  /** Nobody looks into it any more. Nothing for what is not open. */
  closeDatabase(input: { readonly storeId: string; readonly signal: AbortSignal }): Promise<DatabaseAccessView>;
}

export interface DatabaseAccessView {
  readonly storeId: string;
  /** Until when phpMyAdmin is open, ISO; `null` when it is not. */
  readonly openUntil: string | null;
  /** The page on which its owner opens it. */
  readonly page: string;
}
