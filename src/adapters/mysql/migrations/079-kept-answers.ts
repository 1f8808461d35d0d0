import { type Kysely, sql } from 'kysely';

/** What was answered under an `Idempotency-Key`; without an answer, that somebody is at it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS kept_answers (
      customer_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      key_hash CHAR(64) COLLATE utf8mb4_bin NOT NULL,
      fingerprint CHAR(64) COLLATE utf8mb4_bin NOT NULL,
      claimed_by VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      claimed_until DATETIME(3) NOT NULL,
      status SMALLINT UNSIGNED NULL,
      body_text MEDIUMTEXT NULL,
      expires_at DATETIME(3) NOT NULL,
      PRIMARY KEY (customer_id, key_hash),
      KEY kept_answers_expires_at (expires_at),
      CONSTRAINT kept_answers_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
