import { type Kysely, sql } from 'kysely';
import { hasColumn } from '../schema-facts.ts';

/** A session that an operator uses in a customer's place names the operator's own, and ends with it at the latest. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasColumn(db, 'sessions', 'impersonator_session')) return;
  await sql`
    ALTER TABLE sessions
      ADD COLUMN impersonator_session VARCHAR(64) COLLATE utf8mb4_bin NULL,
      ADD KEY sessions_impersonator_session (impersonator_session),
      ADD CONSTRAINT sessions_impersonator_session_fk
        FOREIGN KEY (impersonator_session) REFERENCES sessions (id) ON DELETE CASCADE
  `.execute(db);
}
