import type { AppError } from '../domain/errors.ts';
import type { Origin } from '../domain/origin.ts';
import type { Session, Visitor, WebServices } from './services.ts';

export type ThemeChoice = 'system' | 'light' | 'dark';

/** What the server hands to every page, made anew for each request. Types only: pages and server are two bundles. */
export interface PageContext {
  readonly services: WebServices;
  readonly visitor: Visitor;
  /** The session's token as the browser sent it; only ever handed back to `services`. */
  readonly token: string | undefined;
  /** Of an operator who acts as a customer: the token of the own session, kept for the way back. */
  readonly operatorToken: string | undefined;
  readonly session: Session | undefined;
  /** Who acts, for the ledger: handed to whatever service changes something. */
  readonly origin: Origin;
  /** For every script and style element of this answer. */
  readonly nonce: string;
  /** What a person tells the support; also in the log and in the `X-Request-Id` header. */
  readonly requestId: string;
  readonly theme: ThemeChoice;
  /** What the page before has left to be said on this one. */
  readonly flash: string | undefined;
  /** The token of a log-in whose password was right, as the browser sent it; only ever handed back to `services`. */
  readonly pending: string | undefined;
  /** The token of a question to a passkey, as the browser sent it; only ever handed back to `services`. */
  readonly passkeyQuestion: string | undefined;
  /** Ready-made `Set-Cookie` values. */
  readonly cookies: {
    signedIn(kept: { readonly token: string; readonly device?: string }): readonly string[];
    signedOut(): readonly string[];
    acting(kept: { readonly token: string; readonly operatorToken: string }): readonly string[];
    /** With the operator's own token where that still opens something. */
    actingEnded(operatorToken: string | undefined): readonly string[];
    theme(choice: ThemeChoice): string;
    flash(sentence: string): string;
    flashSeen(): string;
    pending(token: string): string;
    pendingOver(): string;
    passkeyQuestion(question: string): string;
    passkeyAnswered(): string;
  };
  /** Set when the request was refused before it got to a page: the page to show is that of this error. */
  readonly refusal: AppError | undefined;
  /** The form of this one answer leads to that address; the browser is told that it may. */
  readonly leadFormTo: (url: string) => void;
  /** A new key for a form that may only count once. */
  readonly newIdempotencyKey: () => string;
  /** Writes what nobody expected into the log, under this request's id. */
  readonly report: (error: unknown) => void;
}
