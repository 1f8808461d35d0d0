import { type Kysely, sql } from 'kysely';
import { hasColumn } from '../schema-facts.ts';

/** What was asked for with a run: who closes the store and why, which plan it is to have. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasColumn(db, 'provisioning_jobs', 'input_json')) return;
  await sql`ALTER TABLE provisioning_jobs ADD COLUMN input_json TEXT NULL`.execute(db);
}
