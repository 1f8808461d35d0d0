import type { Origin } from '../../domain/origin.ts';
import type { OutboxEntry, OutboxFilter } from '../../domain/outbox.ts';

/** A mail of the outbox as desk, CLI and API show it. Times are UTC with milliseconds. */
export interface MailView extends Omit<OutboxEntry, 'createdAt' | 'nextAttemptAt' | 'sentAt'> {
  readonly createdAt: string;
  readonly nextAttemptAt: string;
  readonly sentAt: string | null;
}

export interface MailPageView {
  /** Newest first. */
  readonly items: readonly MailView[];
  readonly before: string | null;
}

/** What a mail says, links that work once blanked. `html` is a whole document: show it in a sandboxed frame only. */
export interface MailPreview {
  readonly mail: MailView;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** The outbox, for operators. Only for pages under `access/operators.tsx`. */
export interface MailServices {
  list(filter: OutboxFilter & { readonly before?: string | undefined; readonly limit: number }): Promise<MailPageView>;
  /** Throws `not_found`; `not_allowed_now` for a shop's own mail, which is between the shop and its buyer. */
  preview(id: string): Promise<MailPreview>;
  /** It is due at once, with all its attempts. Throws `not_found`. */
  resend(id: string, origin: Origin): Promise<void>;
  /** A mail that says only that mail arrives, by the outbox as all do. Throws `invalid_input` for `email`, `too_many_tries`. */
  sendTest(to: string, origin: Origin): Promise<void>;
}
