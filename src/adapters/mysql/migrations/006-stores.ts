import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS stores (
      id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      customer_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      name VARCHAR(63) COLLATE utf8mb4_bin NOT NULL,
      title TEXT NOT NULL,
      platform VARCHAR(32) COLLATE utf8mb4_bin NOT NULL,
      plan VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      status VARCHAR(32) COLLATE utf8mb4_bin NOT NULL,
      health VARCHAR(16) COLLATE utf8mb4_bin NOT NULL DEFAULT 'unknown',
      wished_domain VARCHAR(253) COLLATE utf8mb4_bin NULL,
      images_json TEXT NOT NULL,
      versions_json TEXT NOT NULL,
      error_json MEDIUMTEXT NULL,
      fence BIGINT UNSIGNED NOT NULL DEFAULT 0,
      lease_owner VARCHAR(64) COLLATE utf8mb4_bin NULL,
      lease_expires_at DATETIME(3) NULL,
      created_at DATETIME(3) NOT NULL,
      active_at DATETIME(3) NULL,
      PRIMARY KEY (id),
      UNIQUE KEY stores_name_unique (name),
      KEY stores_customer (customer_id),
      KEY stores_plan (plan),
      KEY stores_status (status),
      KEY stores_lease_owner (lease_owner),
      CONSTRAINT stores_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id),
      CONSTRAINT stores_plan_fk FOREIGN KEY (plan) REFERENCES plans (name),
      CONSTRAINT stores_images_is_json CHECK (json_valid(images_json)),
      CONSTRAINT stores_versions_is_json CHECK (json_valid(versions_json)),
      CONSTRAINT stores_error_is_json CHECK (json_valid(error_json))
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
