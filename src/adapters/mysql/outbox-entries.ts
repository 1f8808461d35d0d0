import { AppError, NotFoundError } from '../../domain/errors.ts';
import type { Origin } from '../../domain/origin.ts';
import {
  type OutboxBacklog,
  type OutboxEntry,
  type OutboxFilter,
  type OutboxPage,
  STORE_MAIL,
} from '../../domain/outbox.ts';
import { newId } from '../../lib/new-id.ts';
import { appendAudit } from './audit.ts';
import { readJson } from './json-columns.ts';
import type { Database } from './open-database.ts';
import { insertMail } from './outbox.ts';
import { inTransaction } from './transactions.ts';

export type OutboxEntryRepository = ReturnType<typeof createOutboxEntryRepository>;

export interface TestMail {
  readonly recipient: string;
  readonly payload: unknown;
  readonly origin: Origin;
  readonly now: Date;
}

const COLUMNS = [
  'id',
  'kind',
  'recipient',
  'store_id',
  'status',
  'attempts',
  'error_json',
  'created_at',
  'next_attempt_at',
  'sent_at',
] as const;

/** The outbox as operators look at it: what waits, what went, what was given up. */
export function createOutboxEntryRepository(db: Database) {
  return {
    async page(
      { status, kind, recipient, storeId }: OutboxFilter,
      { before, limit }: { readonly before?: string | undefined; readonly limit: number },
    ): Promise<OutboxPage> {
      let query = db.kysely
        .selectFrom('outbox')
        .select(COLUMNS)
        .orderBy('id', 'desc')
        .limit(limit + 1);
      if (status !== undefined) query = query.where('status', '=', status);
      if (kind !== undefined) query = query.where('kind', '=', kind);
      if (recipient !== undefined) query = query.where('recipient', '=', recipient);
      if (storeId !== undefined) query = query.where('store_id', '=', storeId);
      if (before !== undefined) query = query.where('id', '<', before);
      const mails = (await query.execute()).map(toEntry);
      return { mails: mails.slice(0, limit), before: mails.length > limit ? (mails[limit - 1]?.id ?? null) : null };
    },

    /** With its facts; those of a shop's own mail are `null`. Throws `not_found`. */
    async get(id: string): Promise<{ readonly entry: OutboxEntry; readonly payload: unknown }> {
      const row = await db.kysely
        .selectFrom('outbox')
        .select([...COLUMNS, 'payload_json'])
        .where('id', '=', id)
        .executeTakeFirst();
      if (row === undefined) throw new NotFoundError('mail', id);
      return { entry: toEntry(row), payload: row.payload_json === null ? null : readJson(row.payload_json) };
    },

    /** It is due now and has all its attempts again, whatever became of it before; with a line. Throws `not_found`. */
    resend: ({ id, now, ...origin }: Origin & { readonly id: string; readonly now: Date }): Promise<void> =>
      inTransaction(db, async (tx) => {
        const mail = await tx
          .selectFrom('outbox')
          .select(['kind', 'store_id', 'status'])
          .where('id', '=', id)
          .forUpdate()
          .executeTakeFirst();
        if (mail === undefined) throw new NotFoundError('mail', id);
        if (mail.kind === STORE_MAIL && mail.status === 'sent') {
          throw new AppError(
            'not_allowed_now',
            'What a shop wrote is not kept once it is sent: the shop can write it again.',
          );
        }
        await tx
          .updateTable('outbox')
          .set({ status: 'queued', attempts: 0, next_attempt_at: now, error_json: null })
          .where('id', '=', id)
          .execute();
        await appendAudit(tx, {
          ...origin,
          action: 'mail.resent',
          target: id,
          storeId: mail.store_id ?? undefined,
          details: { kind: mail.kind, was: mail.status },
          at: now,
        });
      }),

    async backlog(): Promise<OutboxBacklog> {
      const rows = await db.kysely
        .selectFrom('outbox')
        .select(({ fn }) => ['status', fn.countAll<number>().as('count'), fn.min('created_at').as('oldest')])
        .where('status', 'in', ['queued', 'failed'])
        .groupBy('status')
        .execute();
      const of = (status: string) => rows.find((row) => row.status === status);
      return {
        waiting: Number(of('queued')?.count ?? 0),
        failed: Number(of('failed')?.count ?? 0),
        oldestWaitingAt: of('queued')?.oldest ?? null,
      };
    },

    /** Of a store, whoever wrote them: those that wait, and all; they go with it. */
    async countOf(storeId: string): Promise<{ waiting: number; all: number }> {
      const { waiting, all } = await db.kysely
        .selectFrom('outbox')
        .select(({ fn, eb }) => [
          fn.countAll<number>().as('all'),
          fn.count<number>(eb.case().when('status', '=', 'queued').then(1).end()).as('waiting'),
        ])
        .where('store_id', '=', storeId)
        .executeTakeFirstOrThrow();
      return { waiting: Number(waiting), all: Number(all) };
    },

    /** A mail that says only that mail arrives: due now, with its line. */
    queueTest: ({ recipient, payload, origin, now }: TestMail): Promise<void> =>
      inTransaction(db, async (tx) => {
        const uniqueKey = `test:${newId('msg')}`;
        await insertMail(tx, { uniqueKey, storeId: null, recipient, kind: 'test', payload, now });
        const line = { action: 'mail.test_requested', target: recipient, details: {}, at: now };
        await appendAudit(tx, { ...origin, ...line });
      }),
  };
}

function toEntry(row: {
  readonly id: string;
  readonly kind: string;
  readonly recipient: string | null;
  readonly store_id: string | null;
  readonly status: OutboxEntry['status'];
  readonly attempts: number;
  readonly error_json: string | null;
  readonly created_at: Date;
  readonly next_attempt_at: Date;
  readonly sent_at: Date | null;
}): OutboxEntry {
  return {
    id: row.id,
    kind: row.kind,
    recipient: row.recipient,
    storeId: row.store_id,
    status: row.status,
    attempts: row.attempts,
    error: row.error_json === null ? null : (readJson(row.error_json) as OutboxEntry['error']),
    createdAt: row.created_at,
    nextAttemptAt: row.next_attempt_at,
    sentAt: row.sent_at,
  };
}
