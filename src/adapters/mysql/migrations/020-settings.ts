import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS settings (
      name VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      value_json MEDIUMTEXT NOT NULL,
      PRIMARY KEY (name),
      CONSTRAINT settings_value_is_json CHECK (json_valid(value_json))
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
