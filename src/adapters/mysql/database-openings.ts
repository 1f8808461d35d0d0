import type { DatabaseOpening } from '../../domain/database-opening.ts';
import { type Origin, SYSTEM } from '../../domain/origin.ts';
import { appendAudit } from './audit.ts';
import type { Database } from './open-database.ts';
import { inTransaction, type Queries } from './transactions.ts';

export type DatabaseOpeningRepository = ReturnType<typeof createDatabaseOpeningRepository>;

/** Owners' looks into their stores' databases: one a store, bound to the session that it was asked for in. */
export function createDatabaseOpeningRepository(db: Database) {
  return {
    /** In the place of an earlier one, with its line in the ledger. */
    open: (
      opening: { storeId: string; tokenHash: string; sessionId: string; now: Date; expiresAt: Date },
      origin: Origin,
    ): Promise<void> =>
      inTransaction(db, async (tx) => {
        const { storeId, now } = opening;
        const facts = {
          token_hash: opening.tokenHash,
          session_id: opening.sessionId,
          opened_at: now,
          expires_at: opening.expiresAt,
          closed_at: null,
        };
        await tx
          .insertInto('database_openings')
          .values({ store_id: storeId, ...facts })
          .onDuplicateKeyUpdate(facts)
          .execute();
        await appendAudit(tx, { ...origin, action: 'database.opened', target: storeId, storeId, details: {}, at: now });
      }),

    /** Is the way in open that has this digest? */
    async isOpen({ storeId, tokenHash, now }: { storeId: string; tokenHash: string; now: Date }): Promise<boolean> {
      const row = await open(db.kysely, now)
        .select('database_openings.store_id')
        .where('database_openings.store_id', '=', storeId)
        .where('database_openings.token_hash', '=', tokenHash)
        .executeTakeFirst();
      return row !== undefined;
    },

    /** Until when the store's database is open; `undefined` when it is not. */
    async openUntil(storeId: string, now: Date): Promise<Date | undefined> {
      const row = await open(db.kysely, now)
        .select('database_openings.expires_at')
        .where('database_openings.store_id', '=', storeId)
        .executeTakeFirst();
      return row?.expires_at;
    },

    /** Those of a customer, by the store's name. */
    async openOf(customerId: string, now: Date): Promise<{ storeId: string; name: string; until: Date }[]> {
      const rows = await open(db.kysely, now)
        .select(['database_openings.store_id', 'stores.name', 'database_openings.expires_at'])
        .where('stores.customer_id', '=', customerId)
        .orderBy('stores.name')
        .execute();
      return rows.map(({ store_id, name, expires_at }) => ({ storeId: store_id, name, until: expires_at }));
    },

    /** Nobody is let in any more, with a line in the ledger; by the platform itself unless somebody asked. Once. */
    close: (storeId: string, now: Date, origin: Origin = SYSTEM): Promise<void> =>
      inTransaction(db, async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable('database_openings')
          .set({ closed_at: now })
          .where('store_id', '=', storeId)
          .where('closed_at', 'is', null)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return;
        await appendAudit(tx, { ...origin, action: 'database.closed', target: storeId, storeId, details: {}, at: now });
      }),

    /** Nothing of it is left on the machine. One that was opened anew meanwhile stays. */
    async remove(storeId: string): Promise<void> {
      await db.kysely
        .deleteFrom('database_openings')
        .where('store_id', '=', storeId)
        .where('closed_at', 'is not', null)
        .execute();
    },

    async list(now: Date): Promise<DatabaseOpening[]> {
      const rows = await db.kysely
        .selectFrom('database_openings')
        .innerJoin('stores', 'stores.id', 'database_openings.store_id')
        .select(['store_id', 'stores.customer_id', 'stores.status'])
        .execute();
      const living = await open(db.kysely, now).select('database_openings.store_id').execute();
      const isLiving = new Set(living.map(({ store_id }) => store_id));
      return rows.map(({ store_id, customer_id, status }) => ({
        storeId: store_id,
        customerId: customer_id,
        isOpen: isLiving.has(store_id),
        isReachable: status === 'active',
      }));
    },
  };
}

/** Of a store that is open, in a session of its owner's that lives. */
function open(queries: Queries, now: Date) {
  return queries
    .selectFrom('database_openings')
    .innerJoin('stores', 'stores.id', 'database_openings.store_id')
    .innerJoin('sessions', 'sessions.id', 'database_openings.session_id')
    .whereRef('sessions.customer_id', '=', 'stores.customer_id')
    .where('stores.status', '=', 'active')
    .where('sessions.expires_at', '>', now)
    .where('database_openings.expires_at', '>', now)
    .where('database_openings.closed_at', 'is', null);
}
