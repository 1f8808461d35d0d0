import type { Origin } from '../../domain/origin.ts';
import {
  FIRST_PLATFORM_SETTINGS,
  PLATFORM_SETTING_NAMES,
  type PlatformSettings,
} from '../../domain/platform-settings.ts';
import { appendAudit } from './audit.ts';
import { readJson, writeJson } from './json-columns.ts';
import type { Database } from './open-database.ts';
import { inTransaction, type Queries } from './transactions.ts';

export type PlatformSettingsRepository = ReturnType<typeof createPlatformSettingsRepository>;

const KEYS = Object.keys(PLATFORM_SETTING_NAMES) as (keyof PlatformSettings)[];

/** What operators set. Only what was set has a row; the rest is as at the beginning. */
export function createPlatformSettingsRepository(db: Database) {
  return {
    read: (): Promise<PlatformSettings> => readAll(db.kysely),

    /** What differs from what is set, in one transaction with its line in the ledger; nothing when nothing differs. */
    change: (wanted: Partial<PlatformSettings>, origin: Origin, now: Date): Promise<void> =>
      inTransaction(db, async (tx) => {
        const before = await readAll(tx);
        const changed = KEYS.filter(
          (key) => wanted[key] !== undefined && writeJson(wanted[key]) !== writeJson(before[key]),
        );
        for (const key of changed) {
          const value_json = writeJson(wanted[key]);
          await tx
            .insertInto('platform_settings')
            .values({ name: PLATFORM_SETTING_NAMES[key], value_json })
            .onDuplicateKeyUpdate({ value_json })
            .execute();
        }
        if (changed.length === 0) return;
        const details = Object.fromEntries(
          changed.map((key) => [PLATFORM_SETTING_NAMES[key], { from: before[key], to: wanted[key] }]),
        );
        await appendAudit(tx, { ...origin, action: 'settings.changed', target: 'platform', details, at: now });
      }),
  };
}

async function readAll(queries: Queries): Promise<PlatformSettings> {
  const rows = await queries.selectFrom('platform_settings').selectAll().execute();
  const kept = KEYS.flatMap((key) => {
    const row = rows.find(({ name }) => name === PLATFORM_SETTING_NAMES[key]);
    return row === undefined ? [] : [[key, readJson(row.value_json)] as const];
  });
  return { ...FIRST_PLATFORM_SETTINGS, ...Object.fromEntries(kept) };
}
