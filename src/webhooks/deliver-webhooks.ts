import { toAppError } from '../domain/errors.ts';
import type { ClaimedDelivery } from '../domain/webhook-rows.ts';
import { type GaveUp, nextAttemptAt, SWITCHED_OFF_AFTER_MS } from '../domain/webhooks.ts';
import { pause } from '../lib/deadline.ts';
import { MINUTE, SECOND } from '../lib/time.ts';
import type { MailContent } from '../mail/mail-kinds.ts';

/** What came back: a status, or in words why nothing did. */
type Answer = { readonly code: number } | { readonly code: null; readonly reason: string };

export interface WebhookDelivererDeps {
  readonly owner: string;
  readonly queue: {
    claimDue(request: {
      owner: string;
      now: Date;
      leaseMs: number;
      limit: number;
      failingLimit: number;
    }): Promise<ClaimedDelivery[]>;
    markDelivered(delivery: ClaimedDelivery, taken: { code: number; now: Date }): Promise<void>;
    markFailed(
      delivery: ClaimedDelivery,
      attempt: {
        code: number | null;
        reason: string;
        nextAttemptAt: Date | null;
        switchOff: { why: GaveUp; mail: MailContent } | null;
        now: Date;
      },
    ): Promise<void>;
  };
  /** The message as text. */
  readonly bodyOf: (delivery: ClaimedDelivery) => string;
  /** Throws for a sealed secret that does not open. */
  readonly openSecret: (sealed: string, endpointId: string) => Promise<string>;
  readonly sign: (secret: string, message: { id: string; timestamp: number; body: string }) => string;
  /** Throws for an address that may not be posted to, whoever wrote it into the row. */
  readonly checkUrl: (url: string) => string;
  /** Never rejects; ends with the signal. */
  readonly post: (
    message: { url: string; headers: Readonly<Record<string, string>>; body: string },
    signal: AbortSignal,
  ) => Promise<Answer>;
  readonly mailOf: (endpoint: ClaimedDelivery['endpoint'], why: GaveUp) => MailContent;
  readonly onError: (delivery: ClaimedDelivery, thrown: unknown) => void;
  readonly stopping: AbortSignal;
  readonly now: () => Date;
  /** In [0, 1). */
  readonly chance: () => number;
  /** Default: ten seconds. */
  readonly sendWithinMs?: number;
}

/** From the question for its name to its answer. */
const SEND_WITHIN_MS = 10 * SECOND;
/** Longer than one attempt with all that belongs to it, so that nobody else tells the endpoint anything meanwhile. */
const LEASE_MS = MINUTE;
const AT_ONCE = 24;
/** Of these, as many for endpoints that took nothing the last time: those who take what they get never wait for them. */
const FAILING_AT_ONCE = 12;
const LOOK_AGAIN_MS = SECOND;
const GONE = 410;

/**
 * Tells endpoints what they are to be told, side by side; a turn lasts until nothing is under way, and takes up what comes
 * meanwhile. Each delivery is tried for about a day. A worker that dies between sending and writing it down sends once
 * more: at least once, with the same id, never twice at the same time.
 */
export function createWebhookDeliverer(deps: WebhookDelivererDeps): () => Promise<void> {
  const { owner, queue, stopping, now } = deps;
  // Also from one turn to the next: one that ends early leaves them under way.
  const underWay = new Map<string, { readonly isFailing: boolean; readonly done: Promise<void> }>();
  const begin = (delivery: ClaimedDelivery): void => {
    const done = tell(deps, delivery)
      .catch((thrown: unknown) => deps.onError(delivery, thrown))
      .then(() => void underWay.delete(delivery.id));
    underWay.set(delivery.id, { isFailing: delivery.endpoint.failingSince !== null, done });
  };
  return async () => {
    for (;;) {
      const limit = stopping.aborted ? 0 : AT_ONCE - underWay.size;
      if (limit > 0) {
        const failing = [...underWay.values()].filter(({ isFailing }) => isFailing).length;
        const request = { owner, now: now(), leaseMs: LEASE_MS, limit, failingLimit: FAILING_AT_ONCE - failing };
        for (const delivery of await queue.claimDue(request)) begin(delivery);
      }
      if (underWay.size === 0) return;
      await Promise.race([...[...underWay.values()].map(({ done }) => done), pause(LOOK_AGAIN_MS)]);
    }
  };
}

async function tell(deps: WebhookDelivererDeps, delivery: ClaimedDelivery): Promise<void> {
  const { queue, now } = deps;
  const answer = await attempt(deps, delivery);
  if (answer.code !== null && answer.code >= 200 && answer.code < 300) {
    await queue.markDelivered(delivery, { code: answer.code, now: now() });
    return;
  }
  const { endpoint } = delivery;
  const why = whyToSwitchOff(delivery, answer.code, now());
  await queue.markFailed(delivery, {
    code: answer.code,
    reason: answer.code === null ? answer.reason : `The answer was ${answer.code}.`,
    nextAttemptAt: why === null ? nextAttemptAt(delivery.attempts, now(), deps.chance()) : null,
    switchOff: why && { why, mail: deps.mailOf(endpoint, why) },
    now: now(),
  });
}

async function attempt(deps: WebhookDelivererDeps, delivery: ClaimedDelivery): Promise<Answer> {
  const { endpoint, eventId: id } = delivery;
  try {
    const url = deps.checkUrl(endpoint.url);
    const secrets = await Promise.all(endpoint.sealed.map((sealed) => deps.openSecret(sealed, endpoint.id)));
    const body = deps.bodyOf(delivery);
    const timestamp = Math.floor(deps.now().getTime() / SECOND);
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'ShopHosting-Webhooks',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': secrets.map((secret) => deps.sign(secret, { id, timestamp, body })).join(' '),
    };
    return await deps.post({ url, headers, body }, AbortSignal.timeout(deps.sendWithinMs ?? SEND_WITHIN_MS));
  } catch (thrown) {
    return { code: null, reason: toAppError(thrown).message };
  }
}

function whyToSwitchOff({ endpoint }: ClaimedDelivery, code: number | null, now: Date): GaveUp | null {
  if (code === GONE) return 'gone';
  const since = endpoint.failingSince;
  return since !== null && now.getTime() - since.getTime() >= SWITCHED_OFF_AFTER_MS ? 'failing' : null;
}
