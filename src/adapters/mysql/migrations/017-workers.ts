import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS workers (
      id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      hostname VARCHAR(253) NOT NULL,
      boot_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      pid INT UNSIGNED NOT NULL,
      started_at DATETIME(3) NOT NULL,
      heartbeat_at DATETIME(3) NOT NULL,
      PRIMARY KEY (id)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
