import { AppError } from '../domain/errors.ts';
import type { Origin } from '../domain/origin.ts';
import type { OutboxEntry, OutboxFilter, OutboxPage } from '../domain/outbox.ts';
import type { MailServices, MailView } from '../web/services/mail.ts';
import { writeMessage } from './messages.ts';

export interface OutboxDeskDeps {
  readonly entries: {
    page(filter: OutboxFilter, request: { before?: string | undefined; limit: number }): Promise<OutboxPage>;
    get(id: string): Promise<{ readonly entry: OutboxEntry; readonly payload: unknown }>;
    resend(request: Origin & { id: string; now: Date }): Promise<void>;
  };
  /** The facts as a mail has them when it leaves, but that its links open nothing; `null` when it is for nobody any more. */
  readonly complete: (mail: { kind: string; payload: unknown }) => Promise<{ kind: string; payload: unknown } | null>;
  readonly support: string | null;
  readonly now: () => Date;
}

/** As long as tokens are; ids are shorter. */
const TOKEN = /[A-Za-z0-9_-]{40,}/g;
const BLANK = 'hidden';

export type OutboxDesk = Pick<MailServices, 'list' | 'preview' | 'resend'>;

/** The outbox for operators: what waits, went or was given up, what it says, and once more. See `MailServices`. */
export function createOutboxDesk({ entries, complete, support, now }: OutboxDeskDeps): OutboxDesk {
  return {
    async list({ before, limit, ...filter }) {
      const page = await entries.page(filter, { before, limit });
      return { items: page.mails.map(presentMail), before: page.before };
    },

    async preview(id) {
      const { entry, payload } = await entries.get(id);
      if (payload === null) {
        throw new AppError('not_allowed_now', 'A mail that a shop wrote is between the shop and its buyer.');
      }
      const content = await complete({ kind: entry.kind, payload: withoutTokens(payload) });
      if (content === null) throw new AppError('not_allowed_now', 'The mail is for nobody any more.');
      return { mail: presentMail(entry), ...(await writeMessage(content.kind, content.payload, support)) };
    },

    resend: (id, origin) => entries.resend({ ...origin, id, now: now() }),
  };
}

/** The same facts, with everything blanked that somebody could act with in the reader's name. */
function withoutTokens(payload: unknown): unknown {
  if (typeof payload !== 'object' || payload === null) return payload;
  return Object.fromEntries(
    Object.entries(payload).map(([name, fact]) => [
      name,
      typeof fact === 'string' ? fact.replaceAll(TOKEN, BLANK) : fact,
    ]),
  );
}

/** A mail as everybody is shown it. */
export function presentMail(entry: OutboxEntry): MailView {
  return {
    ...entry,
    createdAt: entry.createdAt.toISOString(),
    nextAttemptAt: entry.nextAttemptAt.toISOString(),
    sentAt: entry.sentAt?.toISOString() ?? null,
  };
}
