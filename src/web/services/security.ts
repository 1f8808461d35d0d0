import type { Visitor } from './accounts.ts';
import type { PasskeyServices } from './passkeys.ts';
import type { SecondFactorServices } from './second-factors.ts';

/** Somewhere its owner is signed in. */
export interface SessionView {
  readonly id: string;
  /** `Firefox on Windows`. */
  readonly device: string;
  /** The network address at the sign-in; `null` for an operator's. */
  readonly address: string | null;
  readonly signedInAt: string;
  readonly lastUsedAt: string;
  /** Is it the one that asks? */
  readonly isThis: boolean;
}

/** What keeps an account its owner's. Each needs the token of a living session, else `not_signed_in`. */
export interface SecurityServices extends SecondFactorServices, PasskeyServices {
  /** Where the session's owner is signed in, last used first. */
  listSessions(token: string): Promise<readonly SessionView[]>;
  /** One of the owner's sessions ends, also this one. Throws `not_found`, also for somebody else's. */
  endSession(input: { readonly token: string; readonly id: string }, visitor: Visitor): Promise<void>;
  /** All but this one. Returns how many. */
  endOtherSessions(token: string, visitor: Visitor): Promise<number>;
  /**
   * Every other browser is signed out, and the owner is told by mail. The session goes on under a new token. Throws
   * `step_up_required` unless the session's proof is fresh, `InvalidInputError` (`password`) for one that is too weak.
   */
  changePassword(
    input: { readonly token: string; readonly password: string },
    visitor: Visitor,
  ): Promise<{ readonly token: string }>;
}
