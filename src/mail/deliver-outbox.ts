import { AppError, type ErrorCode, toAppError } from '../domain/errors.ts';
import { HOUR, MINUTE, SECOND } from '../lib/time.ts';
import { writeMessage } from './messages.ts';

/** A row of the outbox as it comes out. */
export interface QueuedMail {
  readonly id: string;
  readonly uniqueKey: string;
  readonly kind: string;
  readonly recipient: string | null;
  /** This one included. */
  readonly attempts: number;
  /** Facts for the words of it, as they were queued. */
  readonly payload: unknown;
  readonly raw: Buffer | null;
}

type Letter =
  | { readonly id: string; readonly to: string; readonly subject: string; readonly html: string; readonly text: string }
  | { readonly id: string; readonly to: readonly string[]; readonly raw: Buffer };

export interface OutboxDelivererDeps {
  readonly owner: string;
  readonly outbox: {
    claimDue(request: { owner: string; limit: number; now: Date; leaseMs: number }): Promise<QueuedMail[]>;
    markSent(id: string): Promise<void>;
    remove(id: string): Promise<void>;
    markFailed(id: string, error: { code: ErrorCode; message: string }, nextAttemptAt: Date | null): Promise<void>;
  };
  readonly mailer: { send(letter: Letter): Promise<void> };
  /**
   * The words' facts as they are when the mail leaves: what a link needs is made only then. `null` when there is nobody
   * to write to any more.
   */
  readonly complete: (mail: { kind: string; payload: unknown }) => Promise<{ kind: string; payload: unknown } | null>;
  readonly now: () => Date;
}

const MOST_PER_TURN = 20;
/** Longer than any single mail may take (SEND_WITHIN_MS of the mailer), so that nobody else ever sends it meanwhile. */
const CLAIM_MS = 2 * MINUTE;
const FIRST_RETRY_MS = 30 * SECOND;
const SLOWEST_RETRY_MS = HOUR;
const MAX_ATTEMPTS = 20;

/**
 * Sends what is due, each once; a mail that fails waits longer each time, and is given up when the server refuses it
 * for good or after twenty tries. A turn ends at the first mail that has to wait: a server that hangs costs one limit,
 * not one per mail. A crash between sending and marking may send a mail twice (with one Message-ID), never lose it.
 */
export function createOutboxDeliverer(deps: OutboxDelivererDeps): () => Promise<void> {
  return async () => {
    for (let sent = 0; sent < MOST_PER_TURN; sent += 1) {
      const [mail] = await deps.outbox.claimDue({ owner: deps.owner, limit: 1, now: deps.now(), leaseMs: CLAIM_MS });
      if (mail === undefined || (await deliver(deps, mail)) === 'waits') return;
    }
  };
}

async function deliver(deps: OutboxDelivererDeps, mail: QueuedMail): Promise<'sent' | 'waits' | 'given up'> {
  try {
    const letter = await letterOf(deps, mail);
    if (letter === null) {
      await deps.outbox.remove(mail.id);
      return 'sent';
    }
    await deps.mailer.send(letter);
  } catch (thrown) {
    return putBack(deps, mail, toAppError(thrown));
  }
  await deps.outbox.markSent(mail.id);
  return 'sent';
}

async function putBack(deps: OutboxDelivererDeps, mail: QueuedMail, error: AppError): Promise<'waits' | 'given up'> {
  const isHopeless = !error.retryable || mail.attempts >= MAX_ATTEMPTS;
  const waitMs = Math.min(FIRST_RETRY_MS * 2 ** (mail.attempts - 1), SLOWEST_RETRY_MS);
  await deps.outbox.markFailed(mail.id, error, isHopeless ? null : new Date(deps.now().getTime() + waitMs));
  return isHopeless ? 'given up' : 'waits';
}

async function letterOf({ complete }: OutboxDelivererDeps, mail: QueuedMail): Promise<Letter | null> {
  const id = mail.uniqueKey.replace(/[^A-Za-z0-9_-]/g, '-');
  if (mail.raw !== null) return { id, to: recipientsOf(mail.raw), raw: mail.raw };
  if (mail.recipient === null) throw new AppError('mail_failed', `Mail ${mail.uniqueKey} has no recipient.`);
  const content = await complete(mail);
  return content && { id, to: mail.recipient, ...(await writeMessage(content.kind, content.payload)) };
}

/** Where a shop's own mail goes: the envelope its `sendmail` noted in the first header line (docs/reference/images.md). */
export function recipientsOf(raw: Buffer): string[] {
  const head =
    raw
      .subarray(0, 64 * 1024)
      .toString('utf8')
      .split(/\r?\n\r?\n/)[0] ?? '';
  const unfolded = head.replace(/\r?\n[ \t]+/g, ' ');
  const noted = /^X-Shop-Envelope-To:(.*)$/im.exec(unfolded)?.[1];
  const named = [...unfolded.matchAll(/^(?:To|Cc|Bcc):(.*)$/gim)].map((match) => match[1] ?? '').join(',');
  const addresses = (noted ?? named).match(/[^\s<>,;"]+@[^\s<>,;"]+/g) ?? [];
  if (addresses.length > 0) return [...new Set(addresses)];
  throw new AppError('mail_failed', 'The mail names nobody it is for.');
}
