import type { Selectable } from 'kysely';
import { SYSTEM } from '../../domain/origin.ts';
import { limitsOf, type PhpLimitName, type PhpLimits, withinPhpLimits } from '../../domain/php-limits.ts';
import type { Lease } from '../../domain/run.ts';
import { appendAudit } from './audit.ts';
import type { Database } from './open-database.ts';
import type { StorePhpLimitsTable } from './store-settings-tables.ts';
import { withFence } from './transactions.ts';

export type StorePhpLimitsRepository = ReturnType<typeof createStorePhpLimitsRepository>;

const COLUMNS = {
  phpMemory: 'memory_mb',
  phpUpload: 'upload_mb',
  phpSeconds: 'seconds',
  phpInputVars: 'input_vars',
} as const satisfies Record<PhpLimitName, keyof StorePhpLimitsTable>;

/** What one request to a shop may take, where its owner has chosen: what its PHP has said that it goes by. */
export function createStorePhpLimitsRepository(db: Database) {
  return {
    /** `undefined` while nobody has chosen. */
    async find(storeId: string): Promise<PhpLimits | undefined> {
      const row = await db.kysely
        .selectFrom('store_php_limits')
        .selectAll()
        .where('store_id', '=', storeId)
        .executeTakeFirst();
      return row === undefined ? undefined : toLimits(row);
    },

    /** Its line in the ledger comes with what the shop says afterwards (`storeSettings.record`). */
    record: (lease: Lease, limits: PhpLimits, now: Date): Promise<void> =>
      withFence(db, lease, async (tx) => {
        const row = { ...toRow(limits), lowered_by: null, changed_at: now };
        await tx
          .insertInto('store_php_limits')
          .values({ store_id: lease.storeId, ...row })
          .onDuplicateKeyUpdate(row)
          .execute();
      }),

    /** Brings down what is more than `most`, with the ledger's line; says whether this run did, however often it is asked. */
    lower: (
      lease: Lease,
      { plan, limits: most }: { readonly plan: string; readonly limits: PhpLimits },
      now: Date,
    ): Promise<{ limits: PhpLimits | undefined; isLowered: boolean }> =>
      withFence(db, lease, async (tx) => {
        const { storeId, runId } = lease;
        const row = await tx
          .selectFrom('store_php_limits')
          .selectAll()
          .where('store_id', '=', storeId)
          .forUpdate()
          .executeTakeFirst();
        if (row === undefined) return { limits: undefined, isLowered: false };
        const before = toLimits(row);
        const limits = withinPhpLimits(before, most);
        if (JSON.stringify(limits) === JSON.stringify(before)) {
          return { limits, isLowered: row.lowered_by === runId };
        }
        await tx
          .updateTable('store_php_limits')
          .set({ ...toRow(limits), lowered_by: runId, changed_at: now })
          .where('store_id', '=', storeId)
          .execute();
        await appendAudit(tx, {
          ...SYSTEM,
          action: 'store.php_limits_lowered',
          target: storeId,
          storeId,
          details: { plan, ...limits },
          at: now,
        });
        return { limits, isLowered: true };
      }),
  };
}

const toLimits = (row: Selectable<StorePhpLimitsTable>): PhpLimits => limitsOf((name) => row[COLUMNS[name]]);

const toRow = ({ phpMemory, phpUpload, phpSeconds, phpInputVars }: PhpLimits) => ({
  memory_mb: phpMemory,
  upload_mb: phpUpload,
  seconds: phpSeconds,
  input_vars: phpInputVars,
});
