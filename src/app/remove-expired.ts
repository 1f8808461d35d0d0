import { EXPIRED_SHOWN_DAYS } from '../domain/api-token.ts';
import { STORE_MAIL_KEPT_DAYS } from '../domain/store-mail.ts';
import { DELIVERIES_KEPT_MS, TEST_EVENT, TESTS_KEPT_MS } from '../domain/webhooks.ts';
import { DAY } from '../lib/time.ts';
import type { Adapters } from './adapters.ts';

interface Deps {
  readonly repositories: Pick<
    Adapters['repositories'],
    'oneTimeTokens' | 'outbox' | 'apiTokens' | 'keptAnswers' | 'webhookDeliveries'
  >;
  readonly stopping: AbortSignal;
  readonly now: () => Date;
}

/** Links, tokens, kept answers and shops' mails that are over go, all of them, some at a time: they are made faster than once a round. */
export function createExpiryRemoval({ repositories, stopping, now }: Deps): () => Promise<void> {
  const { oneTimeTokens, apiTokens, keptAnswers, outbox } = repositories;
  return async () => {
    await untilNone(stopping, () => oneTimeTokens.removeExpired(now()));
    await untilNone(stopping, () => apiTokens.removeExpired(ago(now(), EXPIRED_SHOWN_DAYS * DAY)));
    await untilNone(stopping, () => keptAnswers.removeExpired(now()));
    for (const status of ['sent', 'failed'] as const) {
      const before = ago(now(), STORE_MAIL_KEPT_DAYS[status] * DAY);
      await untilNone(stopping, () => outbox.removeStoreMail(status, before));
    }
  };
}

/** The same for deliveries of webhooks that nobody looks at any more. */
export function createDeliveryRemoval({ repositories, stopping, now }: Deps): () => Promise<void> {
  const { webhookDeliveries } = repositories;
  return async () => {
    await untilNone(stopping, () => webhookDeliveries.removeBefore(ago(now(), DELIVERIES_KEPT_MS)));
    await untilNone(stopping, () => webhookDeliveries.removeBefore(ago(now(), TESTS_KEPT_MS), TEST_EVENT));
  };
}

const ago = (now: Date, ms: number): Date => new Date(now.getTime() - ms);

/** Again and again, until it says that there were none. */
async function untilNone(stopping: AbortSignal, removeSome: () => Promise<number>): Promise<void> {
  while (!stopping.aborted && (await removeSome()) > 0);
}
