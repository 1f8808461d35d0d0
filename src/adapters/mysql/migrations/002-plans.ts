import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS plans (
      name VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      position INT NOT NULL,
      memory_mb INT NOT NULL,
      cpu_millis INT NOT NULL,
      disk_mb INT NOT NULL,
      max_stores INT NOT NULL,
      backups_kept INT NOT NULL,
      price_cents INT NOT NULL,
      is_default TINYINT NOT NULL DEFAULT 0,
      PRIMARY KEY (name)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
