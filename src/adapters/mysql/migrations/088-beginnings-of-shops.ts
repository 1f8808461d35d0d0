import { type Kysely, sql } from 'kysely';
import { hasColumn } from '../schema-facts.ts';

/** What a shop is to begin with, where that was said with its order: title, country, currency, time zone, language. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasColumn(db, 'stores', 'start_json')) return;
  await sql`ALTER TABLE stores ADD COLUMN start_json TEXT NULL`.execute(db);
}
