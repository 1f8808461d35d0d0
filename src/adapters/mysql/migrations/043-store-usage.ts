import { type Kysely, sql } from 'kysely';

/** What each store's folder held when it was last measured. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS store_usage (
      store_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      disk_bytes BIGINT UNSIGNED NOT NULL,
      measured_at DATETIME(3) NOT NULL,
      PRIMARY KEY (store_id),
      CONSTRAINT store_usage_store_fk FOREIGN KEY (store_id) REFERENCES stores (id) ON DELETE CASCADE
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
