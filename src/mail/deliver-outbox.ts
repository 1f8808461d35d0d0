import { AppError, type ErrorCode, MailRefusedError, toAppError } from '../domain/errors.ts';
import type { OutboxLane } from '../domain/outbox.ts';
import { pause } from '../lib/deadline.ts';
import { HOUR, MINUTE, SECOND } from '../lib/time.ts';
import { type StoreMailCarrier, storeOfMail } from './carry-store-mail.ts';
import { writeMessage } from './messages.ts';

/** A row of the outbox as it comes out. */
export interface QueuedMail {
  readonly id: string;
  readonly uniqueKey: string;
  readonly storeId: string | null;
  readonly kind: string;
  readonly recipient: string | null;
  /** This one included. */
  readonly attempts: number;
  /** Facts for the words of it, as they were queued. */
  readonly payload: unknown;
  readonly raw: Buffer | null;
}

interface Letter {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

export interface OutboxDelivererDeps {
  readonly owner: string;
  readonly outbox: {
    claimDue(request: {
      owner: string;
      limit: number;
      now: Date;
      leaseMs: number;
      lane: OutboxLane;
    }): Promise<QueuedMail[]>;
    markSent(id: string): Promise<void>;
    remove(id: string): Promise<void>;
    markFailed(id: string, error: { code: ErrorCode; message: string }, nextAttemptAt: Date | null): Promise<void>;
    /** Everything of the store that is due before waits until then. */
    holdBack(storeId: string, until: Date): Promise<void>;
  };
  readonly lane: OutboxLane;
  readonly mailer: { send(letter: Letter): Promise<unknown> };
  /** Takes what shops wrote. */
  readonly carry: StoreMailCarrier;
  /**
   * The words' facts as they are when the mail leaves: what a link needs is made only then. `null` when there is nobody
   * to write to any more.
   */
  readonly complete: (mail: { kind: string; payload: unknown }) => Promise<{ kind: string; payload: unknown } | null>;
  /** Whom the reader may write to for help. */
  readonly support: string | null;
  readonly stopping: AbortSignal;
  readonly now: () => Date;
}

/** Side by side, each of another shop: so many shops' servers can be slow before others wait for them. */
const AT_ONCE: Readonly<Record<OutboxLane, number>> = { platform: 1, 'own-servers': 16 };
/** What comes meanwhile, and which shops are due by now, is looked at so often. */
const LOOK_AGAIN_MS = SECOND;
/** Longer than any single mail may take (SEND_WITHIN_MS of the mailer), so that nobody else ever sends it meanwhile. */
const CLAIM_MS = 2 * MINUTE;
const FIRST_RETRY_MS = 30 * SECOND;
const SLOWEST_RETRY_MS = HOUR;
const MAX_ATTEMPTS = 20;

/**
 * Sends what is due of its lane, each once; a mail that fails waits longer each time, and is given up when the server
 * refuses it for good or after twenty tries. What a server says of one mail is that mail's alone. A server that is away
 * or hangs costs one limit, not one per mail: the platform's turn ends there, and of a shop with a server of its own
 * everything else waits as long. A turn lasts until nothing is under way. A crash between sending and marking may send a
 * mail twice (with one Message-ID), never lose it.
 */
export function createOutboxDeliverer(deps: OutboxDelivererDeps): () => Promise<void> {
  const { owner, lane, outbox, stopping, now } = deps;
  return async () => {
    const underWay = new Set<Promise<void>>();
    let isOver = false;
    const send = async (mail: QueuedMail): Promise<void> => {
      const waitsUntil = await deliver(deps, mail);
      if (waitsUntil === null) return;
      if (lane === 'platform') isOver = true;
      else await outbox.holdBack(storeOfMail(mail.storeId), waitsUntil);
    };
    for (;;) {
      const limit = isOver || stopping.aborted ? 0 : AT_ONCE[lane] - underWay.size;
      const mails = limit > 0 ? await outbox.claimDue({ owner, lane, limit, now: now(), leaseMs: CLAIM_MS }) : [];
      for (const mail of mails) {
        const done = send(mail).finally(() => underWay.delete(done));
        underWay.add(done);
      }
      if (underWay.size === 0) return;
      await Promise.race([...underWay, pause(LOOK_AGAIN_MS)]);
    }
  };
}

/** Until when the server is left alone; null where it has had its say, or the mail never came to it. */
async function deliver(deps: OutboxDelivererDeps, mail: QueuedMail): Promise<Date | null> {
  const id = mail.uniqueKey.replace(/[^A-Za-z0-9_-]/g, '-');
  try {
    if (mail.raw !== null) {
      await deps.carry(storeOfMail(mail.storeId), { id, raw: mail.raw });
    } else {
      const letter = await letterOf(deps, mail, id);
      if (letter === null) {
        await deps.outbox.remove(mail.id);
        return null;
      }
      await deps.mailer.send(letter);
    }
  } catch (thrown) {
    const waitsUntil = await putBack(deps, mail, toAppError(thrown));
    return thrown instanceof MailRefusedError ? null : waitsUntil;
  }
  await deps.outbox.markSent(mail.id);
  return null;
}

/** Until when it waits now; null where it is given up. */
async function putBack(deps: OutboxDelivererDeps, mail: QueuedMail, error: AppError): Promise<Date | null> {
  const isHopeless = !error.retryable || mail.attempts >= MAX_ATTEMPTS;
  const waitMs = Math.min(FIRST_RETRY_MS * 2 ** (mail.attempts - 1), SLOWEST_RETRY_MS);
  const waitsUntil = isHopeless ? null : new Date(deps.now().getTime() + waitMs);
  await deps.outbox.markFailed(mail.id, error, waitsUntil);
  return waitsUntil;
}

async function letterOf(
  { complete, support }: OutboxDelivererDeps,
  mail: QueuedMail,
  id: string,
): Promise<Letter | null> {
  if (mail.recipient === null) throw new AppError('mail_failed', `Mail ${mail.uniqueKey} has no recipient.`);
  const content = await complete(mail);
  return content && { id, to: mail.recipient, ...(await writeMessage(content.kind, content.payload, support)) };
}
