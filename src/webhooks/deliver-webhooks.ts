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
      perCustomer: number;
      underWay: ReadonlyMap<string, number>;
    }): Promise<ClaimedDelivery[]>;
    markDelivered(delivery: ClaimedDelivery, taken: { code: number; isSlow: boolean; now: Date }): Promise<void>;
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
/** Of these, as many for endpoints that took nothing the last time or took long: those who do not never wait for them. */
const FAILING_AT_ONCE = 12;
/** However many webhooks somebody has. */
const PER_CUSTOMER = 2;
/** Who takes longer than this holds up others nearly as much as who takes nothing. */
const SLOW_MS = 5 * SECOND;
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
  const underWay = new Map<string, { readonly endpoint: ClaimedDelivery['endpoint']; readonly done: Promise<void> }>();
  const begin = (delivery: ClaimedDelivery): void => {
    const done = tell(deps, delivery)
      .catch((thrown: unknown) => deps.onError(delivery, thrown))
      .then(() => void underWay.delete(delivery.id));
    underWay.set(delivery.id, { endpoint: delivery.endpoint, done });
  };
  return async () => {
    for (;;) {
      const limit = stopping.aborted ? 0 : AT_ONCE - underWay.size;
      if (limit > 0) {
        const endpoints = [...underWay.values()].map(({ endpoint }) => endpoint);
        const failing = endpoints.filter(({ failingSince, isSlow }) => failingSince !== null || isSlow).length;
        const claimed = await queue.claimDue({
          ...{ owner, now: now(), leaseMs: LEASE_MS, limit, perCustomer: PER_CUSTOMER },
          failingLimit: FAILING_AT_ONCE - failing,
          underWay: countsOf(endpoints.map(({ customerId }) => customerId)),
        });
        for (const delivery of claimed) begin(delivery);
      }
      if (underWay.size === 0) return;
      await Promise.race([...[...underWay.values()].map(({ done }) => done), pause(LOOK_AGAIN_MS)]);
    }
  };
}

async function tell(deps: WebhookDelivererDeps, delivery: ClaimedDelivery): Promise<void> {
  const { queue, now } = deps;
  const since = now().getTime();
  const answer = await attempt(deps, delivery);
  if (answer.code !== null && answer.code >= 200 && answer.code < 300) {
    await queue.markDelivered(delivery, {
      code: answer.code,
      isSlow: now().getTime() - since > SLOW_MS,
      now: now(),
    });
    return;
  }
  const { endpoint } = delivery;
  const next = nextAttemptAt(delivery.attempts, now(), deps.chance());
  const why = whyToSwitchOff(delivery, answer.code, { isGivenUp: next === null, now: now() });
  await queue.markFailed(delivery, {
    code: answer.code,
    reason: answer.code === null ? answer.reason : `The answer was ${answer.code}.`,
    nextAttemptAt: next,
    switchOff: why && { why, mail: deps.mailOf(endpoint, why) },
    now: now(),
  });
}

function countsOf(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
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

/** That it failed once, long ago, and now once more is no reason: a message has to have been tried to its end. */
function whyToSwitchOff(
  { endpoint }: ClaimedDelivery,
  code: number | null,
  { isGivenUp, now }: { readonly isGivenUp: boolean; readonly now: Date },
): GaveUp | null {
  if (code === GONE) return 'gone';
  const since = endpoint.failingSince;
  return isGivenUp && since !== null && now.getTime() - since.getTime() >= SWITCHED_OFF_AFTER_MS ? 'failing' : null;
}
