import { type Kysely, sql } from 'kysely';

/** An authenticator app per account. There is a row once its first code was shown. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS totp_factors (
      customer_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      key_id VARCHAR(32) COLLATE utf8mb4_bin NOT NULL,
      sealed TEXT NOT NULL,
      last_step BIGINT NOT NULL,
      created_at DATETIME(3) NOT NULL,
      PRIMARY KEY (customer_id),
      CONSTRAINT totp_factors_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
