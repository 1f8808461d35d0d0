import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS domains (
      hostname VARCHAR(253) COLLATE utf8mb4_bin NOT NULL,
      store_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      kind VARCHAR(16) COLLATE utf8mb4_bin NOT NULL,
      created_at DATETIME(3) NOT NULL,
      PRIMARY KEY (hostname),
      KEY domains_store (store_id),
      CONSTRAINT domains_store_fk FOREIGN KEY (store_id) REFERENCES stores (id) ON DELETE CASCADE
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
