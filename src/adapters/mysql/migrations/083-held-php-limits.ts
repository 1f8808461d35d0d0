import { type Kysely, sql } from 'kysely';
import { hasColumn } from '../schema-facts.ts';

/** By what its PHP goes, as the shop said when it was last asked; null: it can be told nothing of that kind. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasColumn(db, 'store_settings', 'php_json')) return;
  await sql`ALTER TABLE store_settings ADD COLUMN php_json TEXT NULL`.execute(db);
}
