import { type Kysely, sql } from 'kysely';

/** What authorities were asked for lately, so that their limits are never met. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS certificate_orders (
      id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
      directory VARCHAR(500) COLLATE utf8mb4_bin NOT NULL,
      hostname VARCHAR(255) COLLATE utf8mb4_bin NOT NULL,
      registered_name VARCHAR(253) COLLATE utf8mb4_bin NOT NULL,
      outcome VARCHAR(16) COLLATE utf8mb4_bin NOT NULL,
      ordered_at DATETIME(3) NOT NULL,
      PRIMARY KEY (id),
      KEY certificate_orders_time (ordered_at),
      KEY certificate_orders_hostname (hostname, ordered_at)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
