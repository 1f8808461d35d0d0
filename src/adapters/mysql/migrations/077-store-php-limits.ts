import { type Kysely, sql } from 'kysely';

/** What one request to a shop may take, where its owner has chosen: megabytes, seconds, fields. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS store_php_limits (
      store_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      memory_mb INT UNSIGNED NOT NULL,
      upload_mb INT UNSIGNED NOT NULL,
      seconds INT UNSIGNED NOT NULL,
      input_vars INT UNSIGNED NOT NULL,
      lowered_by VARCHAR(64) COLLATE utf8mb4_bin NULL,
      changed_at DATETIME(3) NOT NULL,
      PRIMARY KEY (store_id),
      CONSTRAINT store_php_limits_store_fk FOREIGN KEY (store_id) REFERENCES stores (id) ON DELETE CASCADE
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
