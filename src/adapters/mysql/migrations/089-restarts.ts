import { type Kysely, sql } from 'kysely';
import { hasColumn } from '../schema-facts.ts';

/** Which run has restarted a store last: whoever goes on with it after a crash writes no second line about it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasColumn(db, 'stores', 'restart_run_id')) return;
  await sql`ALTER TABLE stores ADD COLUMN restart_run_id VARCHAR(64) COLLATE utf8mb4_bin NULL`.execute(db);
}
