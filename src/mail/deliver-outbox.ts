import { AppError, type ErrorCode, toAppError } from '../domain/errors.ts';
import { HOUR, MINUTE, SECOND } from '../lib/time.ts';
import { writeMessage } from './messages.ts';

/** A row of the outbox as it comes out. */
export interface QueuedMail {
  readonly id: string;
  readonly uniqueKey: string;
  readonly kind: string;
  readonly recipient: string | null;
  readonly attempts: number;
  /** Facts for the words of it, as they were queued. */
  readonly payload: unknown;
  readonly raw: Buffer | null;
}

type Letter =
  | { readonly id: string; readonly to: string; readonly subject: string; readonly text: string }
  | { readonly id: string; readonly to: readonly string[]; readonly raw: Buffer };

export interface OutboxDelivererDeps {
  readonly owner: string;
  readonly outbox: {
    claimDue(request: { owner: string; limit: number; now: Date; leaseMs: number }): Promise<QueuedMail[]>;
    markSent(id: string): Promise<void>;
    markFailed(id: string, error: { code: ErrorCode; message: string }, nextAttemptAt: Date | null): Promise<void>;
  };
  readonly mailer: { send(letter: Letter): Promise<void> };
  readonly now: () => Date;
}

const BATCH = 20;
const CLAIM_MS = 2 * MINUTE;
const FIRST_RETRY_MS = 30 * SECOND;
const SLOWEST_RETRY_MS = HOUR;
const MAX_ATTEMPTS = 20;

/**
 * Sends what is due, each once; a mail that fails waits longer each time, and is given up when the server refuses it
 * for good or after twenty tries. A crash between sending and marking may send a mail twice, never lose it.
 */
export function createOutboxDeliverer(deps: OutboxDelivererDeps): () => Promise<void> {
  return async () => {
    const due = await deps.outbox.claimDue({ owner: deps.owner, limit: BATCH, now: deps.now(), leaseMs: CLAIM_MS });
    for (const mail of due) {
      try {
        await deps.mailer.send(letterOf(mail));
        await deps.outbox.markSent(mail.id);
      } catch (thrown) {
        await putBack(deps, mail, toAppError(thrown));
      }
    }
  };
}

async function putBack(deps: OutboxDelivererDeps, mail: QueuedMail, error: AppError): Promise<void> {
  const isHopeless = !error.retryable || mail.attempts + 1 >= MAX_ATTEMPTS;
  const waitMs = Math.min(FIRST_RETRY_MS * 2 ** mail.attempts, SLOWEST_RETRY_MS);
  await deps.outbox.markFailed(mail.id, error, isHopeless ? null : new Date(deps.now().getTime() + waitMs));
}

function letterOf(mail: QueuedMail): Letter {
  const id = mail.uniqueKey.replace(/[^A-Za-z0-9_-]/g, '-');
  if (mail.raw !== null) return { id, to: recipientsOf(mail.raw), raw: mail.raw };
  if (mail.recipient === null) throw new AppError('mail_failed', `Mail ${mail.uniqueKey} has no recipient.`);
  return { id, to: mail.recipient, ...writeMessage(mail.kind, factsOf(mail.payload)) };
}

function factsOf(payload: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(payload ?? {}).map(([name, value]) => [name, String(value)]));
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
