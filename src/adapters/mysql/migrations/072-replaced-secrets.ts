import { type Kysely, sql } from 'kysely';
import { hasColumn } from '../schema-facts.ts';

/** Which run made a secret the one that it is, so that no run does it twice. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasColumn(db, 'sealed_secrets', 'replaced_by_run')) return;
  await sql`ALTER TABLE sealed_secrets ADD COLUMN replaced_by_run VARCHAR(64) COLLATE utf8mb4_bin NULL`.execute(db);
}
