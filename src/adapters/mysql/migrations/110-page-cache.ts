import { type Kysely, sql } from 'kysely';
import { hasColumn } from '../schema-facts.ts';

/** How long the edge may show pages of a store, or `off`; null while its owner has not chosen. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasColumn(db, 'stores', 'page_cache')) return;
  await sql`ALTER TABLE stores ADD COLUMN page_cache VARCHAR(8) COLLATE utf8mb4_bin NULL`.execute(db);
}
