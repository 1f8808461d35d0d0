import { type Kysely, sql } from 'kysely';
import { hasColumn } from '../schema-facts.ts';

/** Since when a link takes back what was done to an account: it may have several of one purpose, each with its moment. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasColumn(db, 'one_time_tokens', 'since')) return;
  await sql`ALTER TABLE one_time_tokens ADD COLUMN since DATETIME(3) NULL AFTER facts_json`.execute(db);
}
