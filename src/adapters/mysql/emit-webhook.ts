import type { ShownStore, Store } from '../../domain/store.ts';
import { type DomainFacts, type EventFacts, MOST_WAITING, type WebhookEvent } from '../../domain/webhooks.ts';
import { newId } from '../../lib/new-id.ts';
import { readJson, writeJson } from './json-columns.ts';
import { selectStores, toStore } from './store-rows.ts';
import type { Tx } from './transactions.ts';

export interface Emission {
  readonly type: WebhookEvent;
  readonly storeId: string;
  readonly domain?: DomainFacts;
  readonly now: Date;
}

/**
 * Writes down, in the transaction of the fact itself, that each endpoint of the store's owner which wants to know is to be
 * told, with the store as it is now. Does nothing for a store that is gone. Endpoints are locked last of all, here as
 * everywhere, so nobody waits for the other in a circle.
 */
export async function emitWebhook(tx: Tx, { type, storeId, domain, now }: Emission): Promise<void> {
  const row = await selectStores(tx).where('stores.id', '=', storeId).executeTakeFirst();
  if (row === undefined) return;
  const endpoints = await tx
    .selectFrom('webhook_endpoints')
    .select(['id', 'events_json'])
    .where('customer_id', '=', row.customer_id)
    .where('is_enabled', '=', 1)
    // One that is being removed is gone or not gone, but not half there.
    .forUpdate()
    .execute();
  const told = endpoints.filter(({ events_json }) => readEvents(events_json).includes(type));
  if (told.length === 0) return;
  for (const { id } of told) await makeRoom(tx, id);
  const facts: EventFacts = { store: shownOf(toStore(row)), ...(domain === undefined ? {} : { domain }) };
  const event = newId('evt');
  await tx
    .insertInto('webhook_deliveries')
    .values(
      told.map((endpoint) => ({
        id: newId('whd'),
        endpoint_id: endpoint.id,
        event_id: event,
        type,
        store_id: storeId,
        facts_json: writeJson(facts),
        next_attempt_at: now,
        created_at: now,
      })),
    )
    .execute();
}

/** For one more message. What is given up for it can be looked at, and sent again by hand. */
async function makeRoom(tx: Tx, endpointId: string): Promise<void> {
  const waiting = await tx
    .selectFrom('webhook_deliveries')
    .select('id')
    .where('endpoint_id', '=', endpointId)
    .where('status', '=', 'waiting')
    // Ids sort by time of making.
    .orderBy('id', 'desc')
    .limit(1)
    .offset(MOST_WAITING - 1)
    .executeTakeFirst();
  if (waiting === undefined) return;
  await tx
    .updateTable('webhook_deliveries')
    .set({ status: 'dead', answer_code: null, error: `${MOST_WAITING} newer messages waited for this webhook.` })
    .where('endpoint_id', '=', endpointId)
    .where('status', '=', 'waiting')
    .where('id', '<=', waiting.id)
    .execute();
}

/** Without what nobody outside is shown. */
function shownOf(store: Store): ShownStore {
  const {
    customerEmail: _email,
    start: _start,
    wishedDomain: _wished,
    uid: _uid,
    network: _network,
    images: _images,
    healthDetail: _ill,
    ...shown
  } = store;
  return shown;
}

/** What an endpoint wants to be told of; anything else in the column counts as nothing. */
export function readEvents(text: string): readonly string[] {
  const value = readJson(text);
  return Array.isArray(value) ? value.filter((event) => typeof event === 'string') : [];
}
