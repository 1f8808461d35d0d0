import { SYSTEM } from '../../domain/origin.ts';
import type { Lease, Run } from '../../domain/run.ts';
import { type ShopSettings, shopWishIn } from '../../domain/shop-settings.ts';
import { appendAudit } from './audit.ts';
import { readJson, writeJson } from './json-columns.ts';
import type { Database } from './open-database.ts';
import { type Tx, withFence } from './transactions.ts';

export type StoreSettingsRepository = ReturnType<typeof createStoreSettingsRepository>;

/** How shops are set. Only who works on a store writes it, with what the shop itself said. */
export function createStoreSettingsRepository(db: Database) {
  return {
    /** `undefined` while its shop was not asked yet. */
    async find(storeId: string): Promise<ShopSettings | undefined> {
      const row = await db.kysely
        .selectFrom('store_settings')
        .innerJoin('stores', 'stores.id', 'store_settings.store_id')
        .select(['stores.title', 'timezone', 'locale', 'country', 'currency', 'maintenance', 'locales_json'])
        .where('store_id', '=', storeId)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const { locales_json, ...settings } = row;
      return { ...settings, locales: readJson(locales_json) as string[] };
    },

    /** What a shop said when it was installed, or looked at by a repair. */
    note: (lease: Lease, settings: ShopSettings, now: Date): Promise<void> =>
      withFence(db, lease, (tx) => write(tx, lease.storeId, settings, now)),

    /** What a shop said after it was set, with the ledger's line; once per run, however often it is asked. */
    record: (lease: Lease, { input }: Run, settings: ShopSettings, now: Date): Promise<void> =>
      withFence(db, lease, async (tx) => {
        const known = await tx
          .selectFrom('store_settings')
          .select('run_id')
          .where('store_id', '=', lease.storeId)
          .executeTakeFirst();
        await write(tx, lease.storeId, settings, now, { run_id: lease.runId });
        const wish = shopWishIn(input);
        if (known?.run_id === lease.runId || Object.keys(wish).length === 0) return;
        await appendAudit(tx, {
          ...SYSTEM,
          action: 'store.settings_changed',
          target: lease.storeId,
          storeId: lease.storeId,
          details: { ...wish },
          at: now,
        });
      }),
  };
}

/** A title that is none of ours to show leaves the one that the store has. */
async function write(
  tx: Tx,
  storeId: string,
  { title, locales, ...settings }: ShopSettings,
  now: Date,
  by: { run_id?: string } = {},
): Promise<void> {
  const row = { ...settings, locales_json: writeJson(locales), read_at: now, ...by };
  await tx
    .insertInto('store_settings')
    .values({ store_id: storeId, ...row })
    .onDuplicateKeyUpdate(row)
    .execute();
  if (title !== '') await tx.updateTable('stores').set({ title }).where('id', '=', storeId).execute();
}
