import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS sealed_secrets (
      store_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      name VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      key_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      sealed MEDIUMTEXT COLLATE utf8mb4_bin NOT NULL,
      created_at DATETIME(3) NOT NULL,
      PRIMARY KEY (store_id, name),
      CONSTRAINT sealed_secrets_store_fk FOREIGN KEY (store_id) REFERENCES stores (id) ON DELETE CASCADE
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
