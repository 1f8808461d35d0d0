import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS provisioning_steps (
      run_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      name VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      position INT NOT NULL,
      status VARCHAR(16) COLLATE utf8mb4_bin NOT NULL DEFAULT 'waiting',
      started_at DATETIME(3) NULL,
      finished_at DATETIME(3) NULL,
      error_json MEDIUMTEXT NULL,
      log_tail MEDIUMTEXT NULL,
      PRIMARY KEY (run_id, name),
      CONSTRAINT provisioning_steps_run_fk FOREIGN KEY (run_id) REFERENCES provisioning_jobs (id) ON DELETE CASCADE,
      CONSTRAINT provisioning_steps_error_is_json CHECK (json_valid(error_json))
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
