import type { Selectable } from 'kysely';
import { AppError, NotFoundError } from '../../domain/errors.ts';
import type { WebhookDelivery } from '../../domain/webhook-rows.ts';
import { type DeliveryStatus, type DeliveryType, MOST_WAITING_BEFORE_TEST, TEST_EVENT } from '../../domain/webhooks.ts';
import { newId } from '../../lib/new-id.ts';
import { writeJson } from './json-columns.ts';
import type { Database } from './open-database.ts';
import type { Schema } from './schema.ts';
import { inTransaction, type Tx } from './transactions.ts';
import { type EndpointRequest, lockEndpoint, note, requireVerified } from './webhook-endpoints.ts';

export type WebhookDeliveryRepository = ReturnType<typeof createWebhookDeliveryRepository>;

export interface DeliveryPage {
  readonly deliveries: readonly WebhookDelivery[];
  /** The id to ask the next page with; `null` when this is the last. */
  readonly before: string | null;
}

export interface DeliveryCounts {
  readonly waiting: number;
  readonly dead: number;
}

const SHOWN = [
  'id',
  'event_id',
  'type',
  'store_id',
  'status',
  'attempts',
  'next_attempt_at',
  'attempted_at',
  'answer_code',
  'error',
  'created_at',
  'delivered_at',
] as const;
const REMOVED_AT_ONCE = 1000;

/** What endpoints were told, as their owners look at it. */
export function createWebhookDeliveryRepository(db: Database) {
  return {
    /** Newest first; of the customer's own endpoint alone. */
    async page(
      { customerId, endpointId }: { readonly customerId: string; readonly endpointId: string },
      { before, limit }: { readonly before?: string | undefined; readonly limit: number },
    ): Promise<DeliveryPage> {
      let query = db.kysely
        .selectFrom('webhook_deliveries')
        .innerJoin('webhook_endpoints', 'webhook_endpoints.id', 'webhook_deliveries.endpoint_id')
        .select(SHOWN.map((column) => `webhook_deliveries.${column}` as const))
        .where('endpoint_id', '=', endpointId)
        .where('customer_id', '=', customerId)
        // Ids sort by time of making.
        .orderBy('webhook_deliveries.id', 'desc')
        .limit(limit + 1);
      if (before !== undefined) query = query.where('webhook_deliveries.id', '<', before);
      const deliveries = (await query.execute()).map(toDelivery);
      return {
        deliveries: deliveries.slice(0, limit),
        before: deliveries.length > limit ? (deliveries[limit - 1]?.id ?? null) : null,
      };
    },

    /** A message of no consequence is on its way. Returns its id. Throws `not_found`, `not_allowed_now` while it is off, its owner's address is nobody's, or much waits. */
    queueTest: ({ customerId, id, now }: Omit<EndpointRequest, 'origin'>): Promise<string> =>
      inTransaction(db, async (tx) => {
        await lockEnabled(tx, { customerId, id });
        await requireVerified(tx, customerId);
        await requireRoom(tx, id);
        const delivery = newId('whd');
        await tx
          .insertInto('webhook_deliveries')
          .values({
            id: delivery,
            endpoint_id: id,
            event_id: newId('evt'),
            type: TEST_EVENT,
            store_id: null,
            facts_json: writeJson({ store: null }),
            next_attempt_at: now,
            created_at: now,
          })
          .execute();
        return delivery;
      }),

    /**
     * It is due now and has all its attempts again, whatever became of it; receivers know it by the same id. Throws
     * `not_found`, and `not_allowed_now` while its endpoint is off.
     */
    resend: ({ deliveryId, ...request }: EndpointRequest & { readonly deliveryId: string }): Promise<void> =>
      inTransaction(db, async (tx) => {
        const endpoint = await lockEnabled(tx, request);
        const { numUpdatedRows } = await tx
          .updateTable('webhook_deliveries')
          .set({ status: 'waiting', attempts: 0, next_attempt_at: request.now, error: null })
          .where('id', '=', deliveryId)
          .where('endpoint_id', '=', request.id)
          .executeTakeFirst();
        if (numUpdatedRows !== 1n) throw new NotFoundError('delivery', deliveryId);
        await note(tx, 'webhook.resent', request, endpoint);
      }),

    /** Those of all customers together. */
    async counts(): Promise<DeliveryCounts> {
      const rows = await db.kysely
        .selectFrom('webhook_deliveries')
        .select(({ fn }) => ['status', fn.countAll<number>().as('count')])
        .where('status', 'in', ['waiting', 'dead'])
        .groupBy('status')
        .execute();
      const of = (status: DeliveryStatus) => Number(rows.find((row) => row.status === status)?.count ?? 0);
      return { waiting: of('waiting'), dead: of('dead') };
    },

    /** Some of those that were made before, of any type or of one; again until it says that there were none. Returns how many. */
    async removeBefore(time: Date, type?: DeliveryType): Promise<number> {
      let old = db.kysely.deleteFrom('webhook_deliveries').where('created_at', '<', time);
      if (type !== undefined) old = old.where('type', '=', type);
      const { numDeletedRows } = await old.limit(REMOVED_AT_ONCE).executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

async function requireRoom(tx: Tx, endpointId: string): Promise<void> {
  const { count } = await tx
    .selectFrom('webhook_deliveries')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('endpoint_id', '=', endpointId)
    .where('status', '=', 'waiting')
    .executeTakeFirstOrThrow();
  if (Number(count) < MOST_WAITING_BEFORE_TEST) return;
  throw new AppError('not_allowed_now', 'So many messages wait for this webhook that a test would tell nothing.', {
    hint: 'Look at its deliveries: they say why none is taken.',
  });
}

async function lockEnabled(tx: Tx, request: { readonly customerId: string; readonly id: string }) {
  const endpoint = await lockEndpoint(tx, request);
  if (endpoint.is_enabled === 1) return endpoint;
  throw new AppError('not_allowed_now', 'The webhook is switched off.', { hint: 'Switch it on first.' });
}

function toDelivery(row: Pick<Selectable<Schema['webhook_deliveries']>, (typeof SHOWN)[number]>): WebhookDelivery {
  return {
    id: row.id,
    eventId: row.event_id,
    type: row.type,
    storeId: row.store_id,
    status: row.status,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    attemptedAt: row.attempted_at,
    answerCode: row.answer_code,
    error: row.error,
    createdAt: row.created_at,
    deliveredAt: row.delivered_at,
  };
}
