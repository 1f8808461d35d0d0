import { type Kysely, sql } from 'kysely';

/** The chain over the audit log: each line once, in the order in which it was sealed. See docs/decisions/022. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS ledger_seals (
      position BIGINT UNSIGNED NOT NULL,
      line_id BIGINT UNSIGNED NOT NULL,
      seal CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      sealed_at DATETIME(3) NOT NULL,
      PRIMARY KEY (position),
      UNIQUE KEY ledger_seals_line_unique (line_id),
      KEY ledger_seals_time (sealed_at, line_id)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
