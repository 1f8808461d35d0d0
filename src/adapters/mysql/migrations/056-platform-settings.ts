import { type Kysely, sql } from 'kysely';

/** What operators set at the desk: apart from `settings`, which only the worker writes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS platform_settings (
      name VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      value_json MEDIUMTEXT NOT NULL,
      PRIMARY KEY (name),
      CONSTRAINT platform_settings_value_is_json CHECK (json_valid(value_json))
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
