import { type Kysely, sql } from 'kysely';

/** Shops that are made and nobody's yet, with what they have of the pools. No foreign key: they are no stores. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS pool_members (
      id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      purpose VARCHAR(16) COLLATE utf8mb4_bin NOT NULL,
      platform VARCHAR(32) COLLATE utf8mb4_bin NOT NULL,
      plan VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      status VARCHAR(16) COLLATE utf8mb4_bin NOT NULL,
      port INT UNSIGNED NOT NULL,
      subnet VARCHAR(32) COLLATE utf8mb4_bin NOT NULL,
      uid INT UNSIGNED NOT NULL,
      parts_json MEDIUMTEXT NULL,
      fingerprint CHAR(64) COLLATE ascii_bin NULL,
      owner VARCHAR(128) COLLATE utf8mb4_bin NULL,
      lease_expires_at DATETIME(3) NULL,
      created_at DATETIME(3) NOT NULL,
      ready_at DATETIME(3) NULL,
      PRIMARY KEY (id),
      KEY pool_members_ready (status, platform, plan, ready_at)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
