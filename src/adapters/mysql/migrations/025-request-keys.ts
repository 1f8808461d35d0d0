import { type Kysely, sql } from 'kysely';
import { hasColumn } from '../schema-facts.ts';

/** The form that a store was wished with: sent twice, it is still one wish. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasColumn(db, 'stores', 'request_key')) return;
  await sql`
    ALTER TABLE stores
      ADD COLUMN request_key CHAR(64) COLLATE utf8mb4_bin NULL,
      ADD UNIQUE KEY stores_request_key_unique (request_key)
  `.execute(db);
}
