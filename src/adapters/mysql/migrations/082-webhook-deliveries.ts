import { type Kysely, sql } from 'kysely';

/** What endpoints are to be told, one row each. The store has no key of its own here: that it is gone is told too. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS webhook_deliveries (
      id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      endpoint_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      event_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      type VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      store_id VARCHAR(64) COLLATE utf8mb4_bin NULL,
      facts_json MEDIUMTEXT NOT NULL,
      status VARCHAR(16) COLLATE utf8mb4_bin NOT NULL DEFAULT 'waiting',
      attempts INT NOT NULL DEFAULT 0,
      next_attempt_at DATETIME(3) NOT NULL,
      attempted_at DATETIME(3) NULL,
      answer_code INT NULL,
      error VARCHAR(400) NULL,
      created_at DATETIME(3) NOT NULL,
      delivered_at DATETIME(3) NULL,
      PRIMARY KEY (id),
      UNIQUE KEY webhook_deliveries_event_unique (endpoint_id, event_id),
      KEY webhook_deliveries_due (status, next_attempt_at, endpoint_id),
      KEY webhook_deliveries_newest (endpoint_id, created_at, id),
      KEY webhook_deliveries_created (created_at),
      CONSTRAINT webhook_deliveries_endpoint_fk FOREIGN KEY (endpoint_id) REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
      CONSTRAINT webhook_deliveries_facts_is_json CHECK (json_valid(facts_json))
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
