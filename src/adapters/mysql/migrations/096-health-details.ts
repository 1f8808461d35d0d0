import { type Kysely, sql } from 'kysely';
import { hasColumn } from '../schema-facts.ts';

/** What was ill when a store was last looked at, for operators. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasColumn(db, 'stores', 'health_detail')) return;
  await sql`ALTER TABLE stores ADD COLUMN health_detail VARCHAR(500) NULL`.execute(db);
}
