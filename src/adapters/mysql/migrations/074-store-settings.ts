import { type Kysely, sql } from 'kysely';

/** How each shop is set, as it said itself when it was last asked. Its title is the store's own. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS store_settings (
      store_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      timezone VARCHAR(64) NOT NULL,
      locale VARCHAR(32) NOT NULL,
      country VARCHAR(8) NULL,
      currency VARCHAR(8) NULL,
      locales_json TEXT NOT NULL,
      run_id VARCHAR(64) COLLATE utf8mb4_bin NULL,
      read_at DATETIME(3) NOT NULL,
      PRIMARY KEY (store_id),
      CONSTRAINT store_settings_store_fk FOREIGN KEY (store_id) REFERENCES stores (id) ON DELETE CASCADE
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
