import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS customers (
      id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      email VARCHAR(254) COLLATE utf8mb4_bin NOT NULL,
      role VARCHAR(16) COLLATE utf8mb4_bin NOT NULL,
      password_hash VARCHAR(255) COLLATE utf8mb4_bin NULL,
      created_at DATETIME(3) NOT NULL,
      PRIMARY KEY (id),
      UNIQUE KEY customers_email_unique (email)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
