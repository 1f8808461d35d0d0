import { missingReferenceOf } from './database-errors.ts';
import type { Database } from './open-database.ts';

export type StoreUsageRepository = ReturnType<typeof createStoreUsageRepository>;

export interface StoreUsage {
  readonly diskBytes: number;
  readonly measuredAt: Date;
}

/** What stores use, as last measured. */
export function createStoreUsageRepository(db: Database) {
  return {
    /** `undefined` for a store that nobody has measured yet. */
    async find(storeId: string): Promise<StoreUsage | undefined> {
      const row = await db.kysely
        .selectFrom('store_usage')
        .select(['disk_bytes', 'measured_at'])
        .where('store_id', '=', storeId)
        .executeTakeFirst();
      return row && { diskBytes: Number(row.disk_bytes), measuredAt: row.measured_at };
    },

    /** Replaces what was known. A store that is gone meanwhile is no failure. */
    async record(storeId: string, { diskBytes, measuredAt }: StoreUsage): Promise<void> {
      const row = { disk_bytes: Math.round(diskBytes), measured_at: measuredAt };
      try {
        await db.kysely
          .insertInto('store_usage')
          .values({ store_id: storeId, ...row })
          .onDuplicateKeyUpdate(row)
          .execute();
      } catch (thrown) {
        if (missingReferenceOf(thrown) === undefined) throw thrown;
      }
    },
  };
}
