import { type Kysely, sql } from 'kysely';
import { hasColumn } from '../schema-facts.ts';

/** Where visitors of a host are sent on to, besides the shop that it leads to. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasColumn(db, 'routes', 'redirect_to')) return;
  await sql`ALTER TABLE routes ADD COLUMN redirect_to VARCHAR(253) COLLATE utf8mb4_bin NULL`.execute(db);
}
