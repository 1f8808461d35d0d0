import { type Kysely, sql } from 'kysely';

/** Where customers want to be told. Whoever sends holds the endpoint for that long: it is told one thing at a time. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS webhook_endpoints (
      id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      customer_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      name VARCHAR(64) NOT NULL,
      url VARCHAR(1000) COLLATE utf8mb4_bin NOT NULL,
      events_json TEXT NOT NULL,
      is_enabled TINYINT NOT NULL DEFAULT 1,
      switched_off VARCHAR(16) COLLATE utf8mb4_bin NULL,
      sealed TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      old_sealed TEXT CHARACTER SET ascii COLLATE ascii_bin NULL,
      old_until DATETIME(3) NULL,
      failing_since DATETIME(3) NULL,
      lease_owner VARCHAR(64) COLLATE utf8mb4_bin NULL,
      lease_expires_at DATETIME(3) NULL,
      created_at DATETIME(3) NOT NULL,
      PRIMARY KEY (id),
      KEY webhook_endpoints_customer (customer_id, created_at),
      CONSTRAINT webhook_endpoints_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE,
      CONSTRAINT webhook_endpoints_events_is_json CHECK (json_valid(events_json))
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
