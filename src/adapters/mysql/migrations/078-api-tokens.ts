import { type Kysely, sql } from 'kysely';

/** What programs show instead of a session; only the digest is kept. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS api_tokens (
      id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      customer_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      name VARCHAR(60) NOT NULL,
      token_hash CHAR(64) COLLATE utf8mb4_bin NOT NULL,
      hint VARCHAR(16) COLLATE utf8mb4_bin NOT NULL,
      scopes_json TEXT NOT NULL,
      created_at DATETIME(3) NOT NULL,
      expires_at DATETIME(3) NOT NULL,
      used_at DATETIME(3) NULL,
      used_from VARCHAR(45) NULL,
      PRIMARY KEY (id),
      UNIQUE KEY api_tokens_token_hash_unique (token_hash),
      KEY api_tokens_customer (customer_id, created_at),
      KEY api_tokens_expires_at (expires_at),
      CONSTRAINT api_tokens_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
