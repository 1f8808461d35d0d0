import { type Kysely, sql } from 'kysely';

/** What opens an account whose second factor is lost, once each. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS recovery_codes (
      customer_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      code_hash CHAR(64) COLLATE utf8mb4_bin NOT NULL,
      created_at DATETIME(3) NOT NULL,
      used_at DATETIME(3) NULL,
      PRIMARY KEY (customer_id, code_hash),
      CONSTRAINT recovery_codes_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
