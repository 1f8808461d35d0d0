import { SYSTEM } from '../../domain/origin.ts';
import { type HeldPhpLimits, type PhpLimits, phpWishIn } from '../../domain/php-limits.ts';
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
        .select([
          'stores.title',
          'timezone',
          'locale',
          'country',
          'currency',
          'maintenance',
          'locales_json',
          'php_json',
        ])
        .where('store_id', '=', storeId)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const { locales_json, php_json, ...settings } = row;
      return { ...settings, locales: readJson(locales_json) as string[], php: readPhp(php_json) };
    },

    /** What a shop said when it was installed, or looked at by a repair. */
    note: (lease: Lease, settings: ShopSettings, now: Date): Promise<void> =>
      withFence(db, lease, (tx) => write(tx, lease.storeId, settings, now)),

    /** By what its PHP goes from now on, where it can be told that. */
    notePhp: (lease: Lease, limits: PhpLimits | HeldPhpLimits): Promise<void> =>
      withFence(db, lease, async (tx) => {
        const row = await tx
          .selectFrom('store_settings')
          .select('php_json')
          .where('store_id', '=', lease.storeId)
          .executeTakeFirst();
        const known = readPhp(row?.php_json ?? null);
        if (known === null) return;
        const php_json = writeJson({ ...known, ...limits });
        await tx.updateTable('store_settings').set({ php_json }).where('store_id', '=', lease.storeId).execute();
      }),

    /** What a shop said after it was set, with the ledger's line; once per run, however often it is asked. */
    record: (lease: Lease, { input }: Run, settings: ShopSettings, now: Date): Promise<void> =>
      withFence(db, lease, async (tx) => {
        const known = await tx
          .selectFrom('store_settings')
          .select('run_id')
          .where('store_id', '=', lease.storeId)
          .executeTakeFirst();
        await write(tx, lease.storeId, settings, now, { run_id: lease.runId });
        const wish = { ...shopWishIn(input), ...phpWishIn(input) };
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
  { title, locales, php, ...settings }: ShopSettings,
  now: Date,
  by: { run_id?: string } = {},
): Promise<void> {
  const row = { ...settings, locales_json: writeJson(locales), php_json: php && writeJson(php), read_at: now, ...by };
  await tx
    .insertInto('store_settings')
    .values({ store_id: storeId, ...row })
    .onDuplicateKeyUpdate(row)
    .execute();
  if (title !== '') await tx.updateTable('stores').set({ title }).where('id', '=', storeId).execute();
}

const readPhp = (text: string | null): HeldPhpLimits | null =>
  text === null ? null : (readJson(text) as HeldPhpLimits);
