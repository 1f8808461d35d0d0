import { type Kysely, sql } from 'kysely';
import { hasColumn } from '../schema-facts.ts';

/** Do visitors see a note instead of the shop? As the shop said when it was last asked; null: it has no such mode. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasColumn(db, 'store_settings', 'maintenance')) return;
  await sql`ALTER TABLE store_settings ADD COLUMN maintenance VARCHAR(3) COLLATE utf8mb4_bin NULL`.execute(db);
}
