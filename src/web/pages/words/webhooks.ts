import type { DeliveryStatus } from '../../../domain/webhooks.ts';
import type { DeliveryView, WebhookView } from '../../services/webhooks.ts';
import type { Wording } from './statuses.ts';

export const WEBHOOKS_URL = '/account/webhooks';

/** The page of one of them, or a page below it. */
export const webhookUrl = (id: string, below = ''): string => `${WEBHOOKS_URL}/${id}${below}`;

export const DELIVERY_WORDING = {
  waiting: { word: 'Waiting', icon: 'hourglass', tone: 'waiting' },
  delivered: { word: 'Delivered', icon: 'done', tone: 'good' },
  dead: { word: 'Given up', icon: 'alert', tone: 'bad' },
} as const satisfies Record<DeliveryStatus, Wording>;

/** How an endpoint is, in a word. */
export function webhookWording({ isEnabled, switchedOff, failingSince, last }: WebhookView): Wording {
  if (!isEnabled) {
    return switchedOff === null
      ? { word: 'Off', icon: 'paused', tone: 'quiet' }
      : { word: 'Switched off', icon: 'alert', tone: 'bad' };
  }
  if (failingSince !== null) return { word: 'Failing', icon: 'alert', tone: 'waiting' };
  if (last?.status === 'delivered') return { word: 'On', icon: 'done', tone: 'good' };
  return { word: 'On', icon: 'waiting', tone: 'quiet' };
}

/** Why an endpoint that we have switched off is so, and what to do. */
export const SWITCHED_OFF_WORDS = {
  failing:
    'It took nothing for five days, so we have stopped telling it anything. Switch it on once it takes messages again.',
  gone: 'It answered that it is gone (410), so we have stopped telling it anything. Switch it on once it takes messages again.',
  'taken-back':
    'The password was reset, or the account taken back from somebody else, so we have stopped telling it anything. Switch it on if it leads where you want it to.',
} as const satisfies Record<NonNullable<WebhookView['switchedOff']>, string>;

/** What became of a delivery, in a few words: `204`, `503, tried 3 times`, or why there was no answer. */
export function outcomeOf({ status, answerCode, error, attempts }: DeliveryView): string {
  if (attempts === 0) return (status === 'dead' ? error : null) ?? 'Not tried yet';
  const answer = answerCode === null ? (error ?? 'Under way') : `Answered ${answerCode}`;
  return attempts === 1 ? answer : `${answer.replace(/\.$/, '')}, tried ${attempts} times`;
}
