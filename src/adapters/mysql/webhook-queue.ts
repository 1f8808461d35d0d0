import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { SYSTEM } from '../../domain/origin.ts';
import type { ClaimedDelivery } from '../../domain/webhook-rows.ts';
import { type GaveUp, LONGEST_PAUSE_MS, MOST_MAILS_A_DAY } from '../../domain/webhooks.ts';
import { DAY } from '../../lib/time.ts';
import type { MailContent } from '../../mail/mail-kinds.ts';
import { readEventFacts } from './event-facts.ts';
import type { Database } from './open-database.ts';
import { insertMail } from './outbox.ts';
import { databaseNow, databaseNowPlus, inTransaction, type Tx } from './transactions.ts';
import { giveUpWaiting, note } from './webhook-endpoints.ts';

export type WebhookQueue = ReturnType<typeof createWebhookQueue>;

export interface ClaimRequest {
  readonly owner: string;
  readonly now: Date;
  /** Nobody else tells the endpoint anything for so long. */
  readonly leaseMs: number;
  readonly limit: number;
  /** How many of them may be of endpoints that took nothing the last time. */
  readonly failingLimit: number;
}

/** How an attempt ended that was not taken. */
export interface FailedAttempt {
  readonly code: number | null;
  readonly reason: string;
  /** Null: given up. */
  readonly nextAttemptAt: Date | null;
  /** The endpoint is switched off for it, and its owner told. */
  readonly switchOff: { readonly why: GaveUp; readonly mail: MailContent } | null;
  readonly now: Date;
}

const LONGEST_REASON = 400;
const MAIL_KIND = 'webhook-switched-off' satisfies MailContent['kind'];

/**
 * What is to be told now, for workers. An endpoint is one worker's at a time and is told one thing at a time, so none is
 * told twice at once, and one that hangs holds up itself alone.
 */
export function createWebhookQueue(db: Database) {
  async function claim(endpointId: string, request: ClaimRequest): Promise<ClaimedDelivery | undefined> {
    const { owner, now, leaseMs } = request;
    return inTransaction(db, async (tx) => {
      const endpoint = await tx
        .selectFrom('webhook_endpoints')
        .selectAll()
        .where('id', '=', endpointId)
        .where('is_enabled', '=', 1)
        .where(isFree(leaseMs))
        .forUpdate()
        .executeTakeFirst();
      if (endpoint === undefined) return undefined;
      const delivery = await tx
        .selectFrom('webhook_deliveries')
        .selectAll()
        .where('endpoint_id', '=', endpointId)
        .where('status', '=', 'waiting')
        .where(isDue(now))
        .orderBy('next_attempt_at')
        .orderBy('id')
        .limit(1)
        .forUpdate()
        .executeTakeFirst();
      if (delivery === undefined) return undefined;
      await tx
        .updateTable('webhook_endpoints')
        .set({ lease_owner: owner, lease_expires_at: databaseNowPlus(leaseMs) })
        .where('id', '=', endpointId)
        .execute();
      const attempts = delivery.attempts + 1;
      await tx
        .updateTable('webhook_deliveries')
        .set({ attempts, attempted_at: now })
        .where('id', '=', delivery.id)
        .execute();
      const isOldGood = endpoint.old_until !== null && endpoint.old_until > now;
      return {
        owner,
        id: delivery.id,
        eventId: delivery.event_id,
        type: delivery.type,
        facts: readEventFacts(delivery.facts_json),
        createdAt: delivery.created_at,
        attempts,
        endpoint: {
          id: endpoint.id,
          customerId: endpoint.customer_id,
          name: endpoint.name,
          url: endpoint.url,
          sealed: [endpoint.sealed, ...(isOldGood && endpoint.old_sealed !== null ? [endpoint.old_sealed] : [])],
          failingSince: endpoint.failing_since,
        },
      };
    });
  }

  return {
    /** One delivery each of endpoints that nobody tells anything now, those that took the last one first. */
    async claimDue(request: ClaimRequest): Promise<ClaimedDelivery[]> {
      const candidates = await db.kysely
        .selectFrom('webhook_deliveries')
        .innerJoin('webhook_endpoints', 'webhook_endpoints.id', 'webhook_deliveries.endpoint_id')
        .select(({ fn }) => [
          'webhook_endpoints.id',
          'webhook_endpoints.failing_since',
          fn.min('webhook_deliveries.next_attempt_at').as('due_at'),
        ])
        .where('webhook_deliveries.status', '=', 'waiting')
        .where(isDue(request.now))
        .where('webhook_endpoints.is_enabled', '=', 1)
        .where(isFree(request.leaseMs))
        .groupBy(['webhook_endpoints.id', 'webhook_endpoints.failing_since'])
        .orderBy(sql`webhook_endpoints.failing_since IS NOT NULL`)
        .orderBy('due_at')
        .limit(request.limit)
        .execute();
      const claimed: ClaimedDelivery[] = [];
      let failing = 0;
      for (const { id, failing_since: failingSince } of candidates) {
        if (failingSince !== null && failing >= request.failingLimit) continue;
        const delivery = await claim(id, request);
        if (delivery === undefined) continue;
        claimed.push(delivery);
        if (failingSince !== null) failing += 1;
      }
      return claimed;
    },

    /** It was taken. Says nothing where the delivery has been asked for anew meanwhile. */
    markDelivered: (delivery: ClaimedDelivery, { code, now }: { readonly code: number; readonly now: Date }) =>
      inTransaction(db, async (tx): Promise<void> => {
        await letGo(tx, delivery, { failing_since: null });
        await end(tx, delivery, { status: 'delivered', answer_code: code, error: null, delivered_at: now });
      }),

    /** It was not. As `markDelivered`; what is said of the endpoint holds all the same. */
    markFailed: (delivery: ClaimedDelivery, attempt: FailedAttempt): Promise<void> =>
      inTransaction(db, async (tx) => {
        const { code, reason, nextAttemptAt, switchOff, now } = attempt;
        const { endpoint } = delivery;
        await letGo(tx, delivery, { failing_since: endpoint.failingSince ?? now });
        await end(tx, delivery, {
          status: nextAttemptAt === null ? 'dead' : 'waiting',
          answer_code: code,
          error: reason.slice(0, LONGEST_REASON),
          ...(nextAttemptAt === null ? {} : { next_attempt_at: nextAttemptAt }),
        });
        if (switchOff === null) return;
        const { numUpdatedRows } = await tx
          .updateTable('webhook_endpoints')
          .set({ is_enabled: 0, switched_off: switchOff.why })
          .where('id', '=', endpoint.id)
          .where('is_enabled', '=', 1)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return;
        await giveUpWaiting(tx, endpoint.id);
        const { customerId, id } = endpoint;
        await note(tx, 'webhook.switched_off', { customerId, id, origin: SYSTEM, now }, endpoint);
        const recipient = await recipientOf(tx, customerId, now);
        if (recipient === null) return;
        const uniqueKey = `${MAIL_KIND}:${delivery.id}:${now.getTime()}`;
        await insertMail(tx, { uniqueKey, storeId: null, recipient, now, ...switchOff.mail });
      }),
  };
}

/** Null where nobody is to be written to: an address that may be a stranger's, or one that has had enough of it today. */
async function recipientOf(tx: Tx, customerId: string, now: Date): Promise<string | null> {
  const { claimed_email: recipient } = await tx
    .selectFrom('customers')
    .select('claimed_email')
    .where('id', '=', customerId)
    .executeTakeFirstOrThrow();
  if (recipient === null) return null;
  const { count } = await tx
    .selectFrom('outbox')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('recipient', '=', recipient)
    .where('kind', '=', MAIL_KIND)
    .where('created_at', '>', new Date(now.getTime() - DAY))
    .executeTakeFirstOrThrow();
  return Number(count) < MOST_MAILS_A_DAY ? recipient : null;
}

/** Its time has come; or it was given one by a clock that has been set back since, and would wait for ever. */
function isDue(now: Date): RawBuilder<SqlBool> {
  const never = new Date(now.getTime() + LONGEST_PAUSE_MS);
  const due = sql.ref('webhook_deliveries.next_attempt_at');
  return sql<SqlBool>`(${due} <= ${now} OR ${due} > ${never})`;
}

/** Nobody has it, by the database's clock; a lease that is longer than leases are is of a clock that was set back. */
function isFree(leaseMs: number): RawBuilder<SqlBool> {
  const until = sql.ref('webhook_endpoints.lease_expires_at');
  return sql<SqlBool>`(${until} IS NULL OR ${until} <= ${databaseNow} OR ${until} > ${databaseNowPlus(leaseMs)})`;
}

/** Locks the endpoint, then gives it free unless somebody else has it by now. */
async function letGo(tx: Tx, { endpoint, owner }: ClaimedDelivery, state: { readonly failing_since: Date | null }) {
  await tx.updateTable('webhook_endpoints').set(state).where('id', '=', endpoint.id).execute();
  await tx
    .updateTable('webhook_endpoints')
    .set({ lease_owner: null, lease_expires_at: null })
    .where('id', '=', endpoint.id)
    .where('lease_owner', '=', owner)
    .execute();
}

async function end(
  tx: Tx,
  { id, attempts }: ClaimedDelivery,
  state: {
    readonly status: 'waiting' | 'delivered' | 'dead';
    readonly answer_code: number | null;
    readonly error: string | null;
    readonly next_attempt_at?: Date;
    readonly delivered_at?: Date;
  },
): Promise<void> {
  await tx
    .updateTable('webhook_deliveries')
    .set(state)
    .where('id', '=', id)
    .where('status', '=', 'waiting')
    .where('attempts', '=', attempts)
    .execute();
}
