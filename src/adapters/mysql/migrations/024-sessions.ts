import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS sessions (
      id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      token_hash CHAR(64) COLLATE utf8mb4_bin NOT NULL,
      customer_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      created_at DATETIME(3) NOT NULL,
      seen_at DATETIME(3) NOT NULL,
      proven_at DATETIME(3) NOT NULL,
      expires_at DATETIME(3) NOT NULL,
      user_agent VARCHAR(255) NOT NULL,
      address VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      PRIMARY KEY (id),
      UNIQUE KEY sessions_token_hash_unique (token_hash),
      KEY sessions_customer (customer_id),
      KEY sessions_expires_at (expires_at),
      KEY sessions_seen_at (seen_at),
      CONSTRAINT sessions_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
