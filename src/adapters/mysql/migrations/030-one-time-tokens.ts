import { type Kysely, sql } from 'kysely';

/** What was mailed or shown to somebody to be used once. No foreign key: a subject may be an account, a store, an address. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS one_time_tokens (
      token_hash CHAR(64) COLLATE utf8mb4_bin NOT NULL,
      purpose VARCHAR(32) COLLATE utf8mb4_bin NOT NULL,
      subject VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      facts_json TEXT NOT NULL,
      created_at DATETIME(3) NOT NULL,
      expires_at DATETIME(3) NOT NULL,
      used_at DATETIME(3) NULL,
      PRIMARY KEY (token_hash),
      KEY one_time_tokens_subject (subject, purpose),
      KEY one_time_tokens_expires_at (expires_at)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
