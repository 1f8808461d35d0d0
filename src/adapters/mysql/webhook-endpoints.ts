import type { Selectable } from 'kysely';
import { AppError, NotFoundError } from '../../domain/errors.ts';
import { type Origin, originIn } from '../../domain/origin.ts';
import type { WebhookEndpoint } from '../../domain/webhook-rows.ts';
import { isWebhookEvent, MOST_ENDPOINTS, OLD_SECRET_HOLDS_MS, type WebhookEvent } from '../../domain/webhooks.ts';
import { appendAudit } from './audit.ts';
import { readEvents } from './emit-webhook.ts';
import { writeJson } from './json-columns.ts';
import type { Database } from './open-database.ts';
import type { Schema } from './schema.ts';
import { inTransaction, type Tx } from './transactions.ts';

export type WebhookEndpointRepository = ReturnType<typeof createWebhookEndpointRepository>;

/** Which endpoint of which customer, and who asks. */
export interface EndpointRequest {
  readonly customerId: string;
  readonly id: string;
  readonly origin: Origin;
  readonly now: Date;
}

/** What its owner chooses. */
export interface EndpointSettings {
  readonly name: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
}

const SHOWN = [
  'id',
  'name',
  'url',
  'events_json',
  'is_enabled',
  'switched_off',
  'failing_since',
  'created_at',
] as const;

/** Where customers want to be told. Every change has its line; a URL may be a secret itself, so the line has its host only. */
export function createWebhookEndpointRepository(db: Database) {
  return {
    /** A customer's endpoints, oldest first. */
    async list(customerId: string): Promise<WebhookEndpoint[]> {
      const rows = await db.kysely
        .selectFrom('webhook_endpoints')
        .select(SHOWN)
        .where('customer_id', '=', customerId)
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(toEndpoint);
    },

    /** Throws `not_found`, also for somebody else's. */
    async get(customerId: string, id: string): Promise<WebhookEndpoint> {
      const row = await db.kysely
        .selectFrom('webhook_endpoints')
        .select(SHOWN)
        .where('id', '=', id)
        .where('customer_id', '=', customerId)
        .executeTakeFirst();
      if (row === undefined) throw new NotFoundError('webhook', id);
      return toEndpoint(row);
    },

    /** Throws `not_allowed_now` when the customer has as many as one may have, or no address that is theirs for good. */
    add: ({ customerId, id, origin, now, ...wish }: EndpointRequest & EndpointSettings & { readonly sealed: string }) =>
      inTransaction(db, async (tx): Promise<void> => {
        await tx
          .selectFrom('customers')
          .select('id')
          .where('id', '=', customerId)
          .forUpdate()
          .executeTakeFirstOrThrow();
        await requireVerified(tx, customerId);
        const { count } = await tx
          .selectFrom('webhook_endpoints')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('customer_id', '=', customerId)
          .executeTakeFirstOrThrow();
        if (Number(count) >= MOST_ENDPOINTS) {
          throw new AppError('not_allowed_now', `An account can have ${MOST_ENDPOINTS} webhooks.`, {
            hint: 'Remove one first.',
          });
        }
        const { name, url, events, sealed } = wish;
        await tx
          .insertInto('webhook_endpoints')
          .values({ id, customer_id: customerId, name, url, events_json: writeJson(events), sealed, created_at: now })
          .execute();
        await note(tx, 'webhook.added', { customerId, id, origin, now }, { ...wish });
      }),

    /** Name, address, events. Another address begins anew: what failed at the old one is no reason to switch it off. */
    change: ({ name, url, events, ...request }: EndpointRequest & EndpointSettings): Promise<void> =>
      inTransaction(db, async (tx) => {
        const known = await lockEndpoint(tx, request);
        await tx
          .updateTable('webhook_endpoints')
          .set({ name, url, events_json: writeJson(events), ...(known.url === url ? {} : { failing_since: null }) })
          .where('id', '=', request.id)
          .execute();
        await note(tx, 'webhook.changed', request, { name, url });
      }),

    /** Off: nothing is told any more, and what waited is given up. On: from now on; throws as `add` does. */
    setEnabled: ({ isEnabled, ...request }: EndpointRequest & { readonly isEnabled: boolean }): Promise<void> =>
      inTransaction(db, async (tx) => {
        const known = await lockEndpoint(tx, request);
        if ((known.is_enabled === 1) === isEnabled) return;
        if (isEnabled) await requireVerified(tx, request.customerId);
        await tx
          .updateTable('webhook_endpoints')
          .set({ is_enabled: isEnabled ? 1 : 0, switched_off: null, failing_since: null })
          .where('id', '=', request.id)
          .execute();
        if (!isEnabled) await giveUpWaiting(tx, request.id);
        await note(tx, isEnabled ? 'webhook.switched_on' : 'webhook.switched_off', request, known);
      }),

    /** Another secret signs from now on; for a day the one before signs too, so that receivers can follow. */
    rotateSecret: ({ sealed, ...request }: EndpointRequest & { readonly sealed: string }): Promise<void> =>
      inTransaction(db, async (tx) => {
        const known = await lockEndpoint(tx, request);
        await tx
          .updateTable('webhook_endpoints')
          .set({
            old_sealed: known.sealed,
            old_until: new Date(request.now.getTime() + OLD_SECRET_HOLDS_MS),
            sealed,
          })
          .where('id', '=', request.id)
          .execute();
        await note(tx, 'webhook.secret_rotated', request, known);
      }),

    /** With its deliveries. */
    remove: (request: EndpointRequest): Promise<void> =>
      inTransaction(db, async (tx) => {
        const known = await lockEndpoint(tx, request);
        await tx.deleteFrom('webhook_endpoints').where('id', '=', request.id).execute();
        await note(tx, 'webhook.removed', request, known);
      }),
  };
}

/** Whoever signs up with a stranger's address tells nobody anything, and lets us write the stranger nothing. */
export async function requireVerified(tx: Tx, customerId: string): Promise<void> {
  const row = await tx
    .selectFrom('customers')
    .select('claimed_email')
    .where('id', '=', customerId)
    .executeTakeFirstOrThrow();
  if (row.claimed_email !== null) return;
  throw new AppError('not_allowed_now', 'Confirm your e-mail address first.', {
    hint: 'Open the link that we mailed you, or ask for another one in your account.',
  });
}

/** Throws `not_found`, also for somebody else's. Locked before its deliveries, always. */
export async function lockEndpoint(tx: Tx, { customerId, id }: { readonly customerId: string; readonly id: string }) {
  const row = await tx
    .selectFrom('webhook_endpoints')
    .select(['name', 'url', 'is_enabled', 'sealed'])
    .where('id', '=', id)
    .where('customer_id', '=', customerId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError('webhook', id);
  return row;
}

/** What waits for an endpoint that is off is not told any more. */
export async function giveUpWaiting(tx: Tx, endpointId: string): Promise<void> {
  await tx
    .updateTable('webhook_deliveries')
    .set({ status: 'dead', error: 'The webhook was switched off.' })
    .where('endpoint_id', '=', endpointId)
    .where('status', '=', 'waiting')
    .execute();
}

/** Of an endpoint, in the ledger. The account is the target: its owner finds the line there. */
export async function note(
  tx: Tx,
  action: string,
  { customerId, id, origin, now }: EndpointRequest,
  { name, url }: { readonly name: string; readonly url: string },
): Promise<void> {
  const details = { webhook: id, name, host: new URL(url).host };
  await appendAudit(tx, { ...originIn(origin), action, target: customerId, details, at: now });
}

function toEndpoint(row: Pick<Selectable<Schema['webhook_endpoints']>, (typeof SHOWN)[number]>): WebhookEndpoint {
  return {
    id: row.id,
    name: row.name,
    url: row.url,
    events: readEvents(row.events_json).filter(isWebhookEvent),
    isEnabled: row.is_enabled === 1,
    switchedOff: row.switched_off,
    failingSince: row.failing_since,
    createdAt: row.created_at,
  };
}
