import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS audit_log (
      id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
      actor VARCHAR(254) NOT NULL,
      action VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      target VARCHAR(254) COLLATE utf8mb4_bin NOT NULL,
      details_json MEDIUMTEXT NOT NULL,
      at DATETIME(3) NOT NULL,
      PRIMARY KEY (id),
      KEY audit_log_target (target, id),
      CONSTRAINT audit_log_details_is_json CHECK (json_valid(details_json))
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
