import type { ApiScope } from '../../domain/api-token.ts';
import type { CustomerRole } from '../../domain/customer.ts';
import type { Origin } from '../../domain/origin.ts';
import type { Visitor } from './accounts.ts';

/** A token as its owner sees it. Times are UTC with milliseconds. */
export interface ApiTokenView {
  readonly id: string;
  readonly name: string;
  /** How it begins: `shp_AbCd`. */
  readonly hint: string;
  readonly scopes: readonly ApiScope[];
  readonly createdAt: string;
  readonly expiresAt: string;
  /** To the minute; `null` before it was first used. */
  readonly usedAt: string | null;
  readonly usedFrom: string | null;
  readonly isExpired: boolean;
}

/** Whoever shows a token. */
export interface TokenHolder {
  /** Of the token, `tok_…`; no secret. */
  readonly id: string;
  readonly customerId: string;
  readonly email: string;
  readonly isVerified: boolean;
  readonly role: CustomerRole;
  readonly hasSecondFactor: boolean;
  readonly scopes: ReadonlySet<ApiScope>;
}

/** What programs show instead of a session. */
export interface TokenServices {
  /** Newest first; those that are over for a while still. */
  list(customerId: string): Promise<readonly ApiTokenView[]>;
  /**
   * `secret` is told here and never again, and the owner is told by mail, five times a day at most. Throws
   * `InvalidFormError` (`name`, `scopes`, `days`), `email_unverified`, `too_many_tries`, `step_up_required`,
   * `not_signed_in`.
   */
  make(
    wish: {
      /** The session's. */
      readonly token: string;
      readonly name: string;
      readonly scopes: readonly string[];
      readonly days: number;
    },
    visitor: Visitor,
  ): Promise<{ readonly secret: string; readonly view: ApiTokenView }>;
  /** Throws `not_found`, also for somebody else's, and `too_many_tries`. */
  revoke(wish: { readonly customerId: string; readonly id: string; readonly origin: Origin }): Promise<void>;
  /** `undefined` for what is no token, or none any more. Also notes that it was used, and from where if that is told. */
  find(secret: string, from?: string): Promise<TokenHolder | undefined>;
  /** Those of the texts that are living tokens, by one cheap look that counts as no use. */
  stillOpening(secrets: readonly string[]): Promise<ReadonlySet<string>>;
}
