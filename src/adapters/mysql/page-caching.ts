import { NotFoundError } from '../../domain/errors.ts';
import type { Origin } from '../../domain/origin.ts';
import { type PageCacheChoice, pageCacheOf } from '../../domain/page-cache.ts';
import { appendAudit } from './audit.ts';
import type { Database } from './open-database.ts';
import { lockStore } from './run-requests.ts';
import { inTransaction } from './transactions.ts';

export type PageCachingRepository = ReturnType<typeof createPageCachingRepository>;

/** What owners chose of the page cache. */
export function createPageCachingRepository(db: Database) {
  return {
    /** What holds, chosen or not. Throws `not_found`. */
    async find(storeId: string): Promise<PageCacheChoice> {
      const row = await db.kysely
        .selectFrom('stores')
        .select(['platform', 'page_cache'])
        .where('id', '=', storeId)
        .executeTakeFirst();
      if (row === undefined) throw new NotFoundError('store', storeId);
      return pageCacheOf(row.platform, row.page_cache);
    },

    /** With the ledger's line. The edge goes by it when its routes are applied. Throws `not_found`. */
    choose: (change: Origin & { storeId: string; choice: PageCacheChoice; now: Date }): Promise<void> =>
      inTransaction(db, async (tx) => {
        const { storeId, choice, now, ...origin } = change;
        await lockStore(tx, storeId);
        await tx.updateTable('stores').set({ page_cache: choice }).where('id', '=', storeId).execute();
        const line = { action: 'store.page_cache_changed', target: storeId, storeId, at: now };
        await appendAudit(tx, { ...origin, ...line, details: { pageCache: choice } });
      }),

    /** Somebody emptied it by hand: the ledger's line of it. */
    noteEmptied: ({ storeId, now, ...origin }: Origin & { storeId: string; now: Date }): Promise<void> =>
      inTransaction(db, (tx) =>
        appendAudit(tx, {
          ...origin,
          action: 'store.page_cache_emptied',
          target: storeId,
          storeId,
          details: {},
          at: now,
        }),
      ),
  };
}
