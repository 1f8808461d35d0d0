import { type Kysely, sql } from 'kysely';
import { hasColumn } from '../schema-facts.ts';

/** The own domain that a shop builds its addresses from, and a change of it that is under way. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasColumn(db, 'stores', 'primary_domain')) return;
  await sql`
    ALTER TABLE stores
      ADD COLUMN primary_domain VARCHAR(253) COLLATE utf8mb4_bin NULL,
      ADD COLUMN address_change_json TEXT NULL
  `.execute(db);
}
