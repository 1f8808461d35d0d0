import { type Kysely, sql } from 'kysely';

/** Why a store is closed, while it is. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS suspensions (
      store_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      suspended_by VARCHAR(16) COLLATE utf8mb4_bin NOT NULL,
      actor VARCHAR(128) COLLATE utf8mb4_bin NOT NULL,
      reason TEXT NOT NULL,
      customer_text TEXT NULL,
      run_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      suspended_at DATETIME(3) NOT NULL,
      PRIMARY KEY (store_id),
      CONSTRAINT suspensions_store_fk FOREIGN KEY (store_id) REFERENCES stores (id) ON DELETE CASCADE
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
