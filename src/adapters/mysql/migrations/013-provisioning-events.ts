import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS provisioning_events (
      id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
      run_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      store_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      step VARCHAR(64) COLLATE utf8mb4_bin NULL,
      kind VARCHAR(16) COLLATE utf8mb4_bin NOT NULL,
      at DATETIME(3) NOT NULL,
      details_json MEDIUMTEXT NOT NULL,
      PRIMARY KEY (id),
      KEY provisioning_events_run (run_id),
      KEY provisioning_events_store (store_id, id),
      CONSTRAINT provisioning_events_run_fk FOREIGN KEY (run_id) REFERENCES provisioning_jobs (id) ON DELETE CASCADE,
      CONSTRAINT provisioning_events_store_fk FOREIGN KEY (store_id) REFERENCES stores (id) ON DELETE CASCADE,
      CONSTRAINT provisioning_events_details_is_json CHECK (json_valid(details_json))
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
