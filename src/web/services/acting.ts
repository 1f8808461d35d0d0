import type { Origin } from '../../domain/origin.ts';
import type { Session, Visitor } from './accounts.ts';

/** An operator in a customer's place: for half an hour, within limits, with both names in the ledger. */
export interface ActingServices {
  /**
   * A session as the customer, never proven: what needs a fresh proof is out of its reach. Throws `InvalidFormError`
   * without a reason, `not_found`, and `not_allowed_now` for another operator.
   */
  begin(
    wish: { readonly operator: Session; readonly customerId: string; readonly reason: string },
    visitor: Visitor,
  ): Promise<{ readonly token: string }>;
  /** Nothing happens when it had ended already. Tells whether the operator's own session still holds. */
  end(request: {
    readonly token: string | undefined;
    readonly operatorToken: string | undefined;
    readonly origin: Origin;
  }): Promise<{ readonly isOperatorSignedIn: boolean }>;
}
