import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS outbox (
      id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      unique_key VARCHAR(190) COLLATE utf8mb4_bin NOT NULL,
      store_id VARCHAR(64) COLLATE utf8mb4_bin NULL,
      recipient TEXT NULL,
      kind VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      payload_json MEDIUMTEXT NULL,
      raw LONGBLOB NULL,
      status VARCHAR(16) COLLATE utf8mb4_bin NOT NULL DEFAULT 'queued',
      attempts INT NOT NULL DEFAULT 0,
      next_attempt_at DATETIME(3) NOT NULL,
      lease_owner VARCHAR(64) COLLATE utf8mb4_bin NULL,
      lease_expires_at DATETIME(3) NULL,
      error_json MEDIUMTEXT NULL,
      created_at DATETIME(3) NOT NULL,
      sent_at DATETIME(3) NULL,
      PRIMARY KEY (id),
      UNIQUE KEY outbox_unique_key_unique (unique_key),
      KEY outbox_store (store_id),
      KEY outbox_due (status, next_attempt_at),
      CONSTRAINT outbox_store_fk FOREIGN KEY (store_id) REFERENCES stores (id) ON DELETE CASCADE,
      CONSTRAINT outbox_payload_is_json CHECK (json_valid(payload_json)),
      CONSTRAINT outbox_error_is_json CHECK (json_valid(error_json))
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
