import type { Visitor } from './accounts.ts';

/** What keeps an account its owner's. Each needs the token of a living session, else `not_signed_in`. */
export interface SecurityServices {
  /**
   * Every other browser is signed out, and the owner is told by mail. The session goes on under a new token. Throws
   * `step_up_required` unless the session's proof is fresh, `InvalidInputError` (`password`) for one that is too weak.
   */
  changePassword(
    input: { readonly token: string; readonly password: string },
    visitor: Visitor,
  ): Promise<{ readonly token: string }>;
}
