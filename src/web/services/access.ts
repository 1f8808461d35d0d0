import type { AdminLink } from '../../stores/admin-links.ts';
import type { Visitor } from './accounts.ts';

/** The ways into a shop. Each is the owner's alone; the worker looks for itself. */
export interface AccessService {
  /** Why this store's administration has no link; `null` when it has. */
  whyNoAdminLink(platform: string): string | null;
  /**
   * A link that opens the administration once, within a minute; earlier ones end. Throws `step_up_required`, `not_found`,
   * `not_allowed_now`, `shop_command_failed`, `too_many_tries`, `worker_unavailable`.
   */
  openAdmin(token: string, storeId: string, visitor: Visitor): Promise<AdminLink>;
  /** No link opens any more. Throws as `openAdmin` does, but for the step-up. */
  revokeAdminLinks(token: string, storeId: string, visitor: Visitor): Promise<void>;
}
