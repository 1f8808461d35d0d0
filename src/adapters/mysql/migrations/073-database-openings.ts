import { type Kysely, sql } from 'kysely';

/** Which stores' databases their owners look into right now; of the way in only a digest. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS database_openings (
      store_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      token_hash CHAR(64) COLLATE utf8mb4_bin NOT NULL,
      session_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      opened_at DATETIME(3) NOT NULL,
      expires_at DATETIME(3) NOT NULL,
      closed_at DATETIME(3) NULL,
      PRIMARY KEY (store_id),
      CONSTRAINT database_openings_store_fk FOREIGN KEY (store_id) REFERENCES stores (id) ON DELETE CASCADE
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
