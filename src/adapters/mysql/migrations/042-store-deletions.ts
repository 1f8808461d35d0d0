import { type Kysely, sql } from 'kysely';

/** Stores whose owners have deleted them, in their days of grace. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS store_deletions (
      store_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      previous_status VARCHAR(32) COLLATE utf8mb4_bin NOT NULL,
      actor VARCHAR(128) COLLATE utf8mb4_bin NOT NULL,
      run_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      requested_at DATETIME(3) NOT NULL,
      due_at DATETIME(3) NOT NULL,
      PRIMARY KEY (store_id),
      KEY store_deletions_due (due_at),
      CONSTRAINT store_deletions_store_fk FOREIGN KEY (store_id) REFERENCES stores (id) ON DELETE CASCADE
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
