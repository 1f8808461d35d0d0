import { type Kysely, sql } from 'kysely';
import { hasColumn } from '../schema-facts.ts';

/** Where a store's administration is: at some platforms a path of its own that nobody guesses. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasColumn(db, 'stores', 'admin_path')) return;
  await sql`
    ALTER TABLE stores
      ADD COLUMN admin_path VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '/wp-admin/'
  `.execute(db);
}
