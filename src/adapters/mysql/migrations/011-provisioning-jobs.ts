import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS provisioning_jobs (
      id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      store_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      kind VARCHAR(16) COLLATE utf8mb4_bin NOT NULL,
      status VARCHAR(16) COLLATE utf8mb4_bin NOT NULL,
      attempt INT NOT NULL DEFAULT 1,
      error_json MEDIUMTEXT NULL,
      next_attempt_at DATETIME(3) NOT NULL,
      created_at DATETIME(3) NOT NULL,
      started_at DATETIME(3) NULL,
      finished_at DATETIME(3) NULL,
      PRIMARY KEY (id),
      KEY provisioning_jobs_store (store_id, created_at),
      KEY provisioning_jobs_due (status, next_attempt_at),
      CONSTRAINT provisioning_jobs_store_fk FOREIGN KEY (store_id) REFERENCES stores (id) ON DELETE CASCADE,
      CONSTRAINT provisioning_jobs_error_is_json CHECK (json_valid(error_json))
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
