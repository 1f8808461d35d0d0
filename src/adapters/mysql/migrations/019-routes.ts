import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS routes (
      hostname VARCHAR(253) COLLATE utf8mb4_bin NOT NULL,
      store_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      port INT UNSIGNED NOT NULL,
      state VARCHAR(16) COLLATE utf8mb4_bin NOT NULL,
      PRIMARY KEY (hostname),
      KEY routes_store (store_id),
      CONSTRAINT routes_store_fk FOREIGN KEY (store_id) REFERENCES stores (id) ON DELETE CASCADE
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
