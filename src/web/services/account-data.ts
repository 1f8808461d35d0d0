import type { Origin } from '../../domain/origin.ts';
import type { Visitor } from './accounts.ts';

/** What is kept about a person, and the end of it. */
export interface AccountDataServices {
  /**
   * Everything about the session's account as plain data: itself, stores with their own domains, settings and ways of
   * mail, sessions, webhooks, API tokens, what was done, and mails where the address is the account's for good. Never a
   * secret, nor where an operator sits. Leaves a line in the ledger. Throws `step_up_required`, `not_signed_in`,
   * `too_many_tries`.
   */
  exportAccount(token: string, origin: Origin): Promise<Readonly<Record<string, unknown>>>;
  /**
   * The account and its stores go in fourteen days; the stores close now. Everybody is signed out and the owner told; until then signing in and
   * `keepAccount` undo it. `email` is typed by the owner. Throws `InvalidInputError` (`email`), `step_up_required`,
   * `not_allowed_now`, `not_signed_in`.
   */
  scheduleDeletion(
    input: { readonly token: string; readonly email: string },
    visitor: Visitor,
  ): Promise<{ readonly deletionAt: string }>;
  /** The account stays after all, and its stores come back as they were. Throws `not_allowed_now` when it was not to go or its time has come, `not_signed_in`. */
  keepAccount(token: string, visitor: Visitor): Promise<void>;
}
