import { type RawBuilder, type Selectable, sql } from 'kysely';
import { type ErrorCode, NotFoundError } from '../../domain/errors.ts';
import { type OutboxLane, STORE_MAIL } from '../../domain/outbox.ts';
import type { Lease } from '../../domain/run.ts';
import { newId } from '../../lib/new-id.ts';
import { duplicateKeyOf, missingReferenceOf } from './database-errors.ts';
import { readJson, writeJson } from './json-columns.ts';
import { holdForHour, mailHourOf } from './mail-hours.ts';
import type { Database } from './open-database.ts';
import type { Schema } from './schema.ts';
import { databaseNow, databaseNowPlus, inTransaction, type Queries, type Tx, withFence } from './transactions.ts';

export type OutboxRepository = ReturnType<typeof createOutboxRepository>;

export interface NewMail {
  /** Whoever asks twice with the same key has asked once. */
  readonly uniqueKey: string;
  /** The store it is about; its mails go with it. */
  readonly storeId: string | null;
  /** Null when the raw mail says it itself. */
  readonly recipient: string | null;
  readonly kind: string;
  /** Facts for a template, as JSON; never a password. */
  readonly payload?: unknown;
  /** A finished mail as a shop wrote it. */
  readonly raw?: Buffer;
  readonly now: Date;
}

export interface OutboxMail {
  readonly id: string;
  readonly uniqueKey: string;
  readonly storeId: string | null;
  readonly recipient: string | null;
  readonly kind: string;
  readonly payload: unknown;
  readonly raw: Buffer | null;
  /** This one included. */
  readonly attempts: number;
  readonly createdAt: Date;
}

export interface OutboxCounts {
  readonly queued: number;
  readonly sent: number;
  readonly failed: number;
  readonly oldestQueuedAt: Date | null;
}

const MOST_LISTED = 1000;
const REMOVED_AT_ONCE = 100;

const isOfShop = sql<boolean>`(outbox.kind = ${STORE_MAIL} AND outbox.store_id IS NOT NULL)`;
const isFree = sql<boolean>`(outbox.lease_expires_at IS NULL OR outbox.lease_expires_at <= ${databaseNow})`;

export interface MailClaim {
  readonly owner: string;
  readonly limit: number;
  readonly now: Date;
  readonly leaseMs: number;
  readonly lane: OutboxLane;
}

/** Mails to be sent: written with what they tell about, sent later, each once as far as mail can promise that. */
export function createOutboxRepository(db: Database) {
  return {
    /** True when it is new, false when its key was there already. With a lease it is refused once that is old. */
    enqueue: (mail: NewMail, lease?: Lease): Promise<boolean> =>
      lease === undefined ? insertMail(db.kysely, mail) : withFence(db, lease, (tx) => insertMail(tx, mail)),

    /**
     * Mails of the lane to send now; nobody else gets them for `leaseMs`. The platform's own come before all that shops
     * write; of shops that have none under way one each, first of the one whose turn is longest ago. What is more than a
     * shop may send in an hour waits for the next one.
     */
    async claimDue(request: MailClaim): Promise<OutboxMail[]> {
      const claimed = request.lane === 'platform' ? await claimOurs(db, request) : [];
      for (let isHeld = true; isHeld; ) {
        // Whoever has to wait for another hour has taken nobody's turn.
        isHeld = false;
        for (const storeId of await shopsToServe(db, request, request.limit - claimed.length)) {
          const taken = await claimOfShop(db, request, storeId);
          if (taken === 'held') isHeld = true;
          else claimed.push(...taken);
        }
      }
      return claimed;
    },

    /** Everything of the store's shop that would be due before waits until then. */
    async holdBack(storeId: string, until: Date): Promise<void> {
      await db.kysely
        .updateTable('outbox')
        .set({ next_attempt_at: until })
        .where('store_id', '=', storeId)
        .where('kind', '=', STORE_MAIL)
        .where('status', '=', 'queued')
        .where('next_attempt_at', '<', until)
        .execute();
    },

    async markSent(id: string): Promise<void> {
      await db.kysely
        .updateTable('outbox')
        .set({ status: 'sent', sent_at: databaseNow, error_json: null, lease_owner: null, lease_expires_at: null })
        // The bytes that a shop wrote were to be carried, not kept.
        .set((eb) => ({ raw: eb.case().when('kind', '=', STORE_MAIL).then(null).else(eb.ref('raw')).end() }))
        .where('id', '=', id)
        .execute();
    },

    /** What went, or is about to go, to an address; newest first. The words are not kept. */
    async sentTo(recipient: string): Promise<{ kind: string; createdAt: Date; sentAt: Date | null }[]> {
      const rows = await db.kysely
        .selectFrom('outbox')
        .select(['kind', 'created_at', 'sent_at'])
        .where('recipient', '=', recipient)
        .orderBy('created_at', 'desc')
        .limit(MOST_LISTED)
        .execute();
      return rows.map((row) => ({ kind: row.kind, createdAt: row.created_at, sentAt: row.sent_at }));
    },

    /** Of a mail that turned out to be for nobody. */
    async remove(id: string): Promise<void> {
      await db.kysely.deleteFrom('outbox').where('id', '=', id).execute();
    },

    /** To be tried again at `nextAttemptAt`, or given up when that is null. */
    async markFailed(
      id: string,
      error: { readonly code: ErrorCode; readonly message: string },
      nextAttemptAt: Date | null,
    ): Promise<void> {
      await db.kysely
        .updateTable('outbox')
        .set({
          status: nextAttemptAt === null ? 'failed' : 'queued',
          error_json: writeJson({ code: error.code, message: error.message }),
          lease_owner: null,
          lease_expires_at: null,
          ...(nextAttemptAt === null ? {} : { next_attempt_at: nextAttemptAt }),
        })
        .where('id', '=', id)
        .execute();
    },

    /** Some of what shops wrote, and was sent or given up before; again until it says that there were none. Returns how many. */
    async removeStoreMail(status: 'sent' | 'failed', before: Date): Promise<number> {
      const { numDeletedRows } = await db.kysely
        .deleteFrom('outbox')
        .where('status', '=', status)
        // Rarely later than the last attempt, by an hour at most: the key of what is due finds them.
        .where('next_attempt_at', '<', before)
        .where(({ eb, fn }) => eb(fn.coalesce('sent_at', 'next_attempt_at'), '<', before))
        .where('kind', '=', STORE_MAIL)
        .limit(REMOVED_AT_ONCE)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },

    async counts(): Promise<OutboxCounts> {
      const rows = await db.kysely
        .selectFrom('outbox')
        .select(({ fn }) => ['status', fn.countAll<number>().as('count'), fn.min('created_at').as('oldest')])
        .groupBy('status')
        .execute();
      const of = (status: string) => rows.find((row) => row.status === status);
      return {
        queued: Number(of('queued')?.count ?? 0),
        sent: Number(of('sent')?.count ?? 0),
        failed: Number(of('failed')?.count ?? 0),
        oldestQueuedAt: of('queued')?.oldest ?? null,
      };
    },
  };
}

/** The platform's own, oldest first. */
function claimOurs(db: Database, request: MailClaim): Promise<OutboxMail[]> {
  return inTransaction(db, async (tx) => {
    const rows = await dueMails(tx, request)
      .where(sql<boolean>`NOT ${isOfShop}`)
      .orderBy('next_attempt_at')
      .orderBy('id')
      .limit(request.limit)
      .forUpdate()
      .skipLocked()
      .execute();
    return lease(tx, rows, request);
  });
}

/** Shops of the lane with something due and nothing under way, whoever waits longest first. */
async function shopsToServe(db: Database, { lane, now }: MailClaim, limit: number): Promise<string[]> {
  if (limit <= 0) return [];
  const rows = await db.kysely
    .selectFrom('stores')
    .leftJoin('store_mail', 'store_mail.store_id', 'stores.id')
    .select('stores.id')
    .where('store_mail.host', lane === 'own-servers' ? 'is not' : 'is', null)
    .where(
      sql<boolean>`EXISTS (SELECT 1 FROM outbox WHERE outbox.store_id = stores.id AND outbox.status = 'queued'
        AND outbox.next_attempt_at <= ${now} AND ${isOfShop})`,
    )
    .where(sql<boolean>`NOT ${hasUnderWay(sql.ref('stores.id'))}`)
    .orderBy('stores.mail_turn_at')
    .orderBy('stores.id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** One mail of the shop, the least tried first: one that fails again and again lets the others by. */
function claimOfShop(db: Database, request: MailClaim, storeId: string): Promise<OutboxMail[] | 'held'> {
  return inTransaction(db, async (tx) => {
    // Under the store's lock, so that two workers never have a mail each of one shop.
    const store = await tx
      .selectFrom('stores')
      .select(['mail_hour_at', 'mail_hour_count'])
      .where('id', '=', storeId)
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
    if (store === undefined) return [];
    const hour = mailHourOf(store, request.lane, request.now);
    if (hour.isUsedUp) {
      await holdForHour(tx, storeId, request.lane, hour);
      return 'held';
    }
    const rows = await dueMails(tx, request)
      .where('store_id', '=', storeId)
      .where(isOfShop)
      .where(sql<boolean>`NOT ${hasUnderWay(sql.val(storeId))}`)
      .orderBy('attempts')
      .orderBy('next_attempt_at')
      .orderBy('id')
      .limit(1)
      .forUpdate()
      .execute();
    if (rows.length > 0) {
      const counted = { mail_hour_at: hour.begunAt, mail_hour_count: hour.count + rows.length };
      await tx
        .updateTable('stores')
        .set({ mail_turn_at: databaseNow, ...counted })
        .where('id', '=', storeId)
        .execute();
    }
    return lease(tx, rows, request);
  });
}

const hasUnderWay = (storeId: RawBuilder<unknown>): RawBuilder<boolean> =>
  sql<boolean>`EXISTS (SELECT 1 FROM outbox AS other WHERE other.store_id = ${storeId} AND other.status = 'queued'
    AND other.kind = ${STORE_MAIL} AND other.lease_expires_at > ${databaseNow})`;

function dueMails(tx: Tx, { now }: MailClaim) {
  return tx
    .selectFrom('outbox')
    .selectAll()
    .where('status', '=', 'queued')
    .where('next_attempt_at', '<=', now)
    .where(isFree);
}

async function lease(tx: Tx, rows: readonly Selectable<Schema['outbox']>[], { owner, leaseMs }: MailClaim) {
  if (rows.length === 0) return [];
  await tx
    .updateTable('outbox')
    .set((eb) => ({
      attempts: eb('attempts', '+', 1),
      lease_owner: owner,
      lease_expires_at: databaseNowPlus(leaseMs),
    }))
    .where(
      'id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute();
  return rows.map(toMail);
}

function toMail(row: Selectable<Schema['outbox']>): OutboxMail {
  return {
    id: row.id,
    uniqueKey: row.unique_key,
    storeId: row.store_id,
    recipient: row.recipient,
    kind: row.kind,
    payload: row.payload_json === null ? null : readJson(row.payload_json),
    raw: row.raw,
    attempts: row.attempts + 1,
    createdAt: row.created_at,
  };
}

/** What the shop has waiting is due at once, with all its attempts: its way out is another one now. */
export async function makeStoreMailDue(tx: Tx, storeId: string, now: Date): Promise<void> {
  await tx
    .updateTable('outbox')
    .set({ next_attempt_at: now, attempts: 0 })
    .where('store_id', '=', storeId)
    .where('kind', '=', STORE_MAIL)
    .where('status', '=', 'queued')
    .execute();
}

/** A mail as part of whatever transaction it tells about. False when its key was there already. */
export async function insertMail(queries: Queries, mail: NewMail): Promise<boolean> {
  try {
    await queries
      .insertInto('outbox')
      .values({
        id: newId('msg'),
        unique_key: mail.uniqueKey,
        store_id: mail.storeId,
        recipient: mail.recipient,
        kind: mail.kind,
        payload_json: mail.payload === undefined ? null : writeJson(mail.payload),
        raw: mail.raw ?? null,
        next_attempt_at: mail.now,
        created_at: mail.now,
      })
      .execute();
    return true;
  } catch (thrown) {
    if (duplicateKeyOf(thrown) !== undefined) return false;
    if (missingReferenceOf(thrown) !== undefined) throw new NotFoundError('store', String(mail.storeId));
    throw thrown;
  }
}
