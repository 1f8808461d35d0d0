import { readJson, writeJson } from './json-columns.ts';
import type { Database } from './open-database.ts';

export type SettingsRepository = ReturnType<typeof createSettingsRepository>;

/** Facts about this installation that were chosen once. Never a secret: the web process reads them. */
export function createSettingsRepository(db: Database) {
  return {
    /** `undefined` when it was never set. The caller checks the shape. */
    async get(name: string): Promise<unknown> {
      const row = await db.kysely
        .selectFrom('settings')
        .select('value_json')
        .where('name', '=', name)
        .executeTakeFirst();
      return row && readJson(row.value_json);
    },

    async set(name: string, value: unknown): Promise<void> {
      const value_json = writeJson(value);
      await db.kysely
        .insertInto('settings')
        .values({ name, value_json })
        .onDuplicateKeyUpdate({ value_json })
        .execute();
    },

    /** Does nothing when it is not set. */
    async remove(name: string): Promise<void> {
      await db.kysely.deleteFrom('settings').where('name', '=', name).execute();
    },
  };
}
