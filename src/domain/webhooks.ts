import { DAY, HOUR, MINUTE, SECOND } from '../lib/time.ts';
import type { ShownStore } from './store.ts';

/** Everything that an endpoint can be told of, with what it means, in the order in which it is offered. */
export const WEBHOOK_EVENTS = {
  'store.active': 'A store has opened for the first time.',
  'store.failed': 'A store could not be made; it waits for a retry.',
  'store.suspended': 'A store was closed, by its owner or by us.',
  'store.resumed': 'A store that was closed is open again.',
  'store.deletion-scheduled': 'A store was closed and will be deleted after its days of grace.',
  'store.deletion-undone': 'The deletion of a store was undone.',
  'store.deleted': 'Nothing of a store is left.',
  'domain.valid': 'A domain of yours leads to its store, with a certificate.',
  'domain.problem': 'A domain of yours does not lead to its store, and waiting does not heal it.',
} as const satisfies Record<string, string>;

export type WebhookEvent = keyof typeof WEBHOOK_EVENTS;
export const WEBHOOK_EVENT_NAMES = Object.keys(WEBHOOK_EVENTS) as readonly WebhookEvent[];

/** What *Send test* sends; nobody can ask to be told of it. */
export const TEST_EVENT = 'webhook.test';
export type DeliveryType = WebhookEvent | typeof TEST_EVENT;

export const isWebhookEvent = (text: string): text is WebhookEvent => Object.hasOwn(WEBHOOK_EVENTS, text);

/** `dead`: given up, nobody tries it any more. */
export type DeliveryStatus = 'waiting' | 'delivered' | 'dead';

/** Why an endpoint is told nothing any more: it took nothing for days, or it said by 410 that it is gone. */
export type GaveUp = 'failing' | 'gone';
/** Why we have switched an endpoint off; also where its account was taken back from somebody who may have set it up. */
export type SwitchedOff = GaveUp | 'taken-back';

/** What happened, as it was when it happened: written down with the fact, told later. */
export interface EventFacts {
  /** Null in a test. */
  readonly store: ShownStore | null;
  readonly domain?: DomainFacts;
}

export interface DomainFacts {
  readonly hostname: string;
  readonly state: 'valid' | 'problem';
  /** What is wrong and what to change, in words; null while nothing is. */
  readonly problem: string | null;
  readonly fix: string | null;
}

/** How many endpoints a customer may have. Each is told one thing at a time, so it bounds what they use at once too. */
export const MOST_ENDPOINTS = 5;
/** An endpoint that has taken nothing for so long is switched off with the next message that is given up. */
export const SWITCHED_OFF_AFTER_MS = 5 * DAY;
/** So many messages may wait for an endpoint: of more, the oldest are given up. Whoever takes nothing keeps no place for ever. */
export const MOST_WAITING = 500;
/** So many messages may wait for an endpoint when a test is asked for: behind more it would come late and tell nothing. */
export const MOST_WAITING_BEFORE_TEST = 50;
/** For so long a test can be looked at. */
export const TESTS_KEPT_MS = DAY;
/** So many mails a day tell an account that a webhook of it was switched off: by then its owner knows. */
export const MOST_MAILS_A_DAY = 5;
/** For so long messages carry a signature by the secret before, too. */
export const OLD_SECRET_HOLDS_MS = DAY;
/** For so long deliveries can be looked at and sent again. */
export const DELIVERIES_KEPT_MS = 30 * DAY;

/** Pauses after the first failed attempt, the second and so on: about a day in all. */
const PAUSES_MS = [10 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 4 * HOUR, 8 * HOUR, 9 * HOUR];
/** So that what failed together does not come back together. */
const JITTER = 0.1;
/** A delivery that is due later than this from now was told so by a clock that has been set back since. */
export const LONGEST_PAUSE_MS = Math.max(...PAUSES_MS) * (1 + JITTER);

/** When the next attempt is due after so many failed ones; null: it is given up. `chance` is in [0, 1). */
export function nextAttemptAt(attempts: number, now: Date, chance: number): Date | null {
  const pauseMs = PAUSES_MS[attempts - 1];
  if (pauseMs === undefined) return null;
  return new Date(now.getTime() + Math.round(pauseMs * (1 + JITTER * (2 * chance - 1))));
}
