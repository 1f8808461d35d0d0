import { describe, expect, it } from 'vitest';
import type { DeliveryView, WebhookView } from '../../services/webhooks.ts';
import { outcomeOf, webhookWording } from './webhooks.ts';

const webhook = (over: Partial<WebhookView>): WebhookView => ({
  id: 'whe_1',
  name: 'Books',
  url: 'https://example.com/',
  events: [],
  isEnabled: true,
  switchedOff: null,
  failingSince: null,
  createdAt: '2026-11-26T00:00:00.000Z',
  last: null,
  ...over,
});

const delivery = (over: Partial<DeliveryView>): DeliveryView => ({
  id: 'whd_1',
  eventId: 'evt_1',
  type: 'store.active',
  storeId: null,
  status: 'waiting',
  attempts: 1,
  answerCode: null,
  error: null,
  createdAt: '2026-11-26T00:00:00.000Z',
  attemptedAt: null,
  nextAttemptAt: null,
  deliveredAt: null,
  ...over,
});

describe('an endpoint in a word', () => {
  it.each([
    [webhook({}), 'On', 'quiet'],
    [webhook({ last: delivery({ status: 'delivered' }) }), 'On', 'good'],
    [webhook({ failingSince: '2026-11-26T00:00:00.000Z' }), 'Failing', 'waiting'],
    [webhook({ isEnabled: false }), 'Off', 'quiet'],
    [
      webhook({ isEnabled: false, switchedOff: 'failing', failingSince: '2026-11-26T00:00:00.000Z' }),
      'Switched off',
      'bad',
    ],
  ])('%#', (view, word, tone) => {
    expect(webhookWording(view)).toMatchObject({ word, tone });
  });
});

it.each([
  [delivery({ attempts: 0 }), 'Not tried yet'],
  [delivery({}), 'Under way'],
  [delivery({ answerCode: 204 }), 'Answered 204'],
  [delivery({ answerCode: 503, attempts: 3 }), 'Answered 503, tried 3 times'],
  [delivery({ error: 'No answer in time.', attempts: 2 }), 'No answer in time, tried 2 times'],
])('what became of a delivery: %#', (view, words) => {
  expect(outcomeOf(view)).toBe(words);
});
