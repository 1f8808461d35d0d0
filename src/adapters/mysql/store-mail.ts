import { NotFoundError } from '../../domain/errors.ts';
import type { Origin } from '../../domain/origin.ts';
import { STORE_MAIL } from '../../domain/outbox.ts';
import {
  DEFAULT_STORE_MAIL,
  type MailRoom,
  type MailTlsMode,
  type OwnMailServer,
  STORE_MAIL_PASSWORD,
  STORE_MAIL_ROOM,
  type StoreMailSettings,
  type StoreMailTraffic,
} from '../../domain/store-mail.ts';
import { appendAudit } from './audit.ts';
import { mailHourOf, perHourIn } from './mail-hours.ts';
import type { Database } from './open-database.ts';
import { makeStoreMailDue } from './outbox.ts';
import { lockStore } from './run-requests.ts';
import { databaseNow, inTransaction } from './transactions.ts';

export type StoreMailRepository = ReturnType<typeof createStoreMailRepository>;

/** A password as it is kept. */
export interface SealedPassword {
  readonly keyId: string;
  readonly text: string;
}

export interface StoreMailChange extends Origin {
  readonly storeId: string;
  readonly settings: StoreMailSettings;
  readonly password: SealedPassword | 'kept' | 'none';
  readonly now: Date;
}

/** How shops' mail leaves. */
export function createStoreMailRepository(db: Database) {
  return {
    /** The platform's way, for a store whose owner has not chosen. */
    async find(storeId: string): Promise<StoreMailSettings> {
      const row = await db.kysely
        .selectFrom('store_mail')
        .selectAll()
        .where('store_id', '=', storeId)
        .executeTakeFirst();
      if (row === undefined) return DEFAULT_STORE_MAIL;
      return { senderName: row.sender_name, replyTo: row.reply_to, server: serverIn(row) };
    },

    /** How much of it waits, and for what. */
    async traffic(storeId: string, now: Date): Promise<StoreMailTraffic> {
      const store = await db.kysely
        .selectFrom('stores')
        .leftJoin('store_mail', 'store_mail.store_id', 'stores.id')
        .select(['store_mail.host', 'mail_hour_at', 'mail_hour_count'])
        .select((eb) =>
          eb
            .selectFrom('outbox')
            .select(({ fn }) => fn.countAll<number>().as('count'))
            .whereRef('outbox.store_id', '=', 'stores.id')
            .where('outbox.kind', '=', STORE_MAIL)
            .where('outbox.status', '=', 'queued')
            .as('waiting'),
        )
        .where('stores.id', '=', storeId)
        .executeTakeFirst();
      if (store === undefined) throw new NotFoundError('store', storeId);
      const lane = store.host === null ? 'platform' : 'own-servers';
      const { isUsedUp, endsAt } = mailHourOf(store, lane, now);
      return { perHour: perHourIn(lane), waiting: Number(store.waiting), heldUntil: isUsedUp ? endsAt : null };
    },

    /** How much more of it may wait in the outbox; nothing is less than none. */
    async roomOf(storeId: string): Promise<MailRoom> {
      const { mails, bytes } = await db.kysely
        .selectFrom('outbox')
        .select(({ fn, eb }) => [
          fn.sum<number | null>(eb.case().when('status', '=', 'queued').then(1).else(0).end()).as('mails'),
          fn.sum<number | null>('raw_bytes').as('bytes'),
        ])
        .where('store_id', '=', storeId)
        .where('kind', '=', STORE_MAIL)
        // What was given up is kept for some days too, and takes our disk all the while.
        .where('status', 'in', ['queued', 'failed'])
        .executeTakeFirstOrThrow();
      return {
        mails: Math.max(0, STORE_MAIL_ROOM.mails - Number(mails ?? 0)),
        bytes: Math.max(0, STORE_MAIL_ROOM.bytes - Number(bytes ?? 0)),
      };
    },

    /** All of it at once, the sealed password and the ledger's line too; what waits is due. Throws `not_found`. */
    save: ({ storeId, settings, password, now, ...origin }: StoreMailChange): Promise<void> =>
      inTransaction(db, async (tx) => {
        await lockStore(tx, storeId);
        const { senderName, replyTo, server } = settings;
        const row = {
          sender_name: senderName,
          reply_to: replyTo,
          host: server?.host ?? null,
          port: server?.port ?? null,
          tls: server?.tls ?? null,
          user_name: server?.user ?? null,
          from_address: server?.from ?? null,
          changed_at: now,
        };
        await tx
          .insertInto('store_mail')
          .values({ store_id: storeId, ...row })
          .onDuplicateKeyUpdate(row)
          .execute();
        await makeStoreMailDue(tx, storeId, now);
        if (password !== 'kept') {
          await tx
            .deleteFrom('sealed_secrets')
            .where('store_id', '=', storeId)
            .where('name', '=', STORE_MAIL_PASSWORD)
            .execute();
        }
        if (typeof password === 'object') {
          await tx
            .insertInto('sealed_secrets')
            .values({
              store_id: storeId,
              name: STORE_MAIL_PASSWORD,
              key_id: password.keyId,
              sealed: password.text,
              created_at: databaseNow,
            })
            .execute();
        }
        await appendAudit(tx, {
          ...origin,
          action: 'store.mail_changed',
          target: storeId,
          storeId,
          details: { server: server === null ? 'platform' : `${server.host}:${server.port}` },
          at: now,
        });
      }),

    /** A mail was sent to try the way out: the ledger's line of it. */
    noteTrial: ({ storeId, to, now, ...origin }: Origin & { storeId: string; to: string; now: Date }): Promise<void> =>
      inTransaction(db, (tx) =>
        appendAudit(tx, {
          ...origin,
          action: 'store.mail_tried',
          target: storeId,
          storeId,
          details: { to },
          at: now,
        }),
      ),
  };
}

function serverIn(row: {
  host: string | null;
  port: number | null;
  tls: MailTlsMode | null;
  user_name: string | null;
  from_address: string | null;
}): OwnMailServer | null {
  const { host, port, tls, user_name, from_address } = row;
  if (host === null || port === null || tls === null || from_address === null) return null;
  return { host, port, tls, user: user_name, from: from_address };
}
