import { type Kysely, sql } from 'kysely';
import { hasColumn } from '../schema-facts.ts';

/** By which token a program did something. Lines of before say nothing of it, and their seals hold. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasColumn(db, 'audit_log', 'token_id')) return;
  await sql`
    ALTER TABLE audit_log
      ADD COLUMN token_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL AFTER acting_as,
      ADD KEY audit_log_token (token_id, id)
  `.execute(db);
}
