import type { ApiTokenView } from '../web/services/tokens.ts';

/** What `shopctl` can ask for about customers' API tokens. */
export interface TokenActions {
  /** Of a customer, by id or e-mail, newest first; those that are over for a while still. Throws `not_found`. */
  listTokens(customer: string): Promise<readonly ApiTokenView[]>;
  /** It opens nothing from then on. Throws `not_found`. */
  revokeToken(wish: { readonly customer: string; readonly id: string }): Promise<void>;
}
