import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { SYSTEM } from '../../domain/origin.ts';
import type { ClaimedDelivery } from '../../domain/webhook-rows.ts';
import { type GaveUp, LONGEST_PAUSE_MS, MOST_ENDPOINTS, MOST_MAILS_A_DAY } from '../../domain/webhooks.ts';
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
  /** How many of them may be of endpoints that took nothing the last time, or took long. */
  readonly failingLimit: number;
  /** How many of a customer's may be under way at once. */
  readonly perCustomer: number;
  /** How many of whom are under way with `owner` already. */
  readonly underWay: ReadonlyMap<string, number>;
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
/** An id that nobody has: lists in SQL have at least one member. */
const NOBODY = '';
const isFailing = sql<number>`(webhook_endpoints.failing_since IS NOT NULL OR webhook_endpoints.is_slow = 1)`;
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
          isSlow: endpoint.is_slow === 1,
        },
      };
    });
  }

  return {
    /**
     * One delivery each of endpoints that nobody tells anything now, those that took the last one at once first. One that
     * cannot be claimed holds up nobody else: it throws where nothing could be claimed beside it.
     */
    async claimDue(request: ClaimRequest): Promise<ClaimedDelivery[]> {
      const busy = [...request.underWay].filter(([, count]) => count >= request.perCustomer).map(([id]) => id);
      const candidates = await db.kysely
        .selectFrom('webhook_deliveries')
        .innerJoin('webhook_endpoints', 'webhook_endpoints.id', 'webhook_deliveries.endpoint_id')
        .select(({ fn }) => [
          'webhook_endpoints.id',
          'webhook_endpoints.customer_id',
          isFailing.as('is_failing'),
          fn.min('webhook_deliveries.next_attempt_at').as('due_at'),
        ])
        .where('webhook_deliveries.status', '=', 'waiting')
        .where(isDue(request.now))
        .where('webhook_endpoints.customer_id', 'not in', [NOBODY, ...busy])
        .where('webhook_endpoints.is_enabled', '=', 1)
        .where(isFree(request.leaseMs))
        .groupBy(['webhook_endpoints.id', 'webhook_endpoints.customer_id', 'is_failing'])
        .orderBy('is_failing')
        .orderBy('due_at')
        // Enough even where all but a few of each customer's have to wait.
        .limit(request.limit * MOST_ENDPOINTS)
        .execute();
      const claimed: ClaimedDelivery[] = [];
      const underWay = new Map(request.underWay);
      let failing = 0;
      let trouble: unknown;
      for (const { id, customer_id: customerId, is_failing } of candidates) {
        const ofCustomer = underWay.get(customerId) ?? 0;
        if (claimed.length >= request.limit || ofCustomer >= request.perCustomer) continue;
        if (is_failing === 1 && failing >= request.failingLimit) continue;
        try {
          const delivery = await claim(id, request);
          if (delivery === undefined) continue;
          claimed.push(delivery);
        } catch (thrown) {
          trouble ??= thrown;
          continue;
        }
        underWay.set(customerId, ofCustomer + 1);
        if (is_failing === 1) failing += 1;
      }
      if (trouble !== undefined && claimed.length === 0) throw trouble;
      return claimed;
    },

    /** It was taken. Says nothing where the delivery has been asked for anew meanwhile, nor of another address. */
    markDelivered: (
      delivery: ClaimedDelivery,
      { code, isSlow, now }: { readonly code: number; readonly isSlow: boolean; readonly now: Date },
    ) =>
      inTransaction(db, async (tx): Promise<void> => {
        const { isSame } = await letGo(tx, delivery);
        if (isSame) await setEndpoint(tx, delivery, { failing_since: null, is_slow: isSlow ? 1 : 0 });
        await end(tx, delivery, { status: 'delivered', answer_code: code, error: null, delivered_at: now });
      }),

    /** It was not. As `markDelivered`; what is said of an endpoint that has another address by now is not held against it. */
    markFailed: (delivery: ClaimedDelivery, attempt: FailedAttempt): Promise<void> =>
      inTransaction(db, async (tx) => {
        const { code, reason, nextAttemptAt, switchOff, now } = attempt;
        const { endpoint } = delivery;
        const { isSame, failingSince } = await letGo(tx, delivery);
        if (isSame) await setEndpoint(tx, delivery, { failing_since: failingSince ?? now });
        // Who switched it off and on meanwhile has begun anew, too.
        const isOver = isSame && failingSince?.getTime() === endpoint.failingSince?.getTime() && switchOff !== null;
        await end(tx, delivery, {
          status: isOver || nextAttemptAt === null ? 'dead' : 'waiting',
          answer_code: code,
          error: reason.slice(0, LONGEST_REASON),
          ...(nextAttemptAt === null ? {} : { next_attempt_at: nextAttemptAt }),
        });
        if (!isOver) return;
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

/**
 * Nobody has it, by the database's clock; a lease that is much longer than leases are is of a clock that was set back. Not
 * one that is a little longer: whoever had to wait for the row's lock looks at it by the time at which they asked.
 */
function isFree(leaseMs: number): RawBuilder<SqlBool> {
  const until = sql.ref('webhook_endpoints.lease_expires_at');
  return sql<SqlBool>`(${until} IS NULL OR ${until} <= ${databaseNow} OR ${until} > ${databaseNowPlus(2 * leaseMs)})`;
}

/**
 * Locks the endpoint, then gives it free unless somebody else has it by now. Tells how it is, and whether that is still
 * about the address that was told.
 */
async function letGo(tx: Tx, { endpoint, owner }: ClaimedDelivery) {
  const row = await tx
    .selectFrom('webhook_endpoints')
    .select(['url', 'failing_since'])
    .where('id', '=', endpoint.id)
    .forUpdate()
    .executeTakeFirst();
  await tx
    .updateTable('webhook_endpoints')
    .set({ lease_owner: null, lease_expires_at: null })
    .where('id', '=', endpoint.id)
    .where('lease_owner', '=', owner)
    .execute();
  return { isSame: row?.url === endpoint.url, failingSince: row?.failing_since ?? null };
}

async function setEndpoint(
  tx: Tx,
  { endpoint }: ClaimedDelivery,
  state: { readonly failing_since: Date | null; readonly is_slow?: number },
): Promise<void> {
  await tx.updateTable('webhook_endpoints').set(state).where('id', '=', endpoint.id).execute();
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
    // What was given up while it was under way, and then taken, was taken.
    .where('status', 'in', state.status === 'delivered' ? ['waiting', 'dead'] : ['waiting'])
    .where('attempts', '=', attempts)
    .execute();
}
