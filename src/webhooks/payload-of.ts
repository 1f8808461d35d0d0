import type { ShownStore } from '../domain/store.ts';
import type { ClaimedDelivery } from '../domain/webhook-rows.ts';
import type { DeliveryType, DomainFacts } from '../domain/webhooks.ts';
import type { StoreView } from '../stores/present-store.ts';

/** What an endpoint gets, as JSON. Small: whoever needs more asks the API for it, by the ids in here. */
export interface WebhookPayload {
  /** The same in every attempt; also in the header `webhook-id`. */
  readonly id: string;
  readonly type: DeliveryType;
  /** When it happened. */
  readonly createdAt: string;
  /** The store as it was then, as the API shows it, without its last run; null in a test. */
  readonly data: { readonly store: Omit<StoreView, 'run'> | null; readonly domain?: DomainFacts };
}

/** The message of a delivery: the same text in every attempt, but for what an upgrade changes of how stores are shown. */
export function payloadOf(
  { eventId, type, createdAt, facts }: Pick<ClaimedDelivery, 'eventId' | 'type' | 'createdAt' | 'facts'>,
  present: (store: ShownStore) => StoreView,
): WebhookPayload {
  const { store, domain } = facts;
  return {
    id: eventId,
    type,
    createdAt: createdAt.toISOString(),
    data: { store: store && withoutRun(present(store)), ...(domain === undefined ? {} : { domain }) },
  };
}

/** The run that an event was part of goes on: what it looked like then helps nobody. */
function withoutRun({ run: _run, ...store }: StoreView): Omit<StoreView, 'run'> {
  return store;
}
