import type { Origin } from '../../domain/origin.ts';
import type { ThemeChoice } from '../page-context.ts';
import type { Session, Turn, Visitor } from '../services.ts';

/** What every handler finds in Hono's context, put there by the middleware in front of it. */
export interface RequestFacts {
  readonly Bindings: { readonly incoming: { readonly socket: { readonly remoteAddress?: string | undefined } } };
  readonly Variables: {
    requestId: string;
    nonce: string;
    visitor: Visitor;
    theme: ThemeChoice;
    flash: string | undefined;
    /** The token of a log-in that waits for its second factor. */
    pending: string | undefined;
    /** The token of a question to a passkey. */
    passkeyQuestion: string | undefined;
    /** The session's token as the browser sent it. */
    token: string | undefined;
    /** The token of the operator's own session, while acting as a customer. */
    operatorToken: string | undefined;
    session: Session | undefined;
    /** What is left of the caller's calls; only of the JSON API. */
    turn?: Turn;
    /** Who acts, for the ledger. */
    origin: Origin;
    /** An origin to which the forms of this answer may lead, besides our own. */
    formTarget?: string;
  };
}
