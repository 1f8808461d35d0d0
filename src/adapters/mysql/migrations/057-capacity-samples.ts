import { type Kysely, sql } from 'kysely';

/** How much of what was used on which day: what days left are reckoned from. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS capacity_samples (
      resource VARCHAR(16) COLLATE utf8mb4_bin NOT NULL,
      taken_on DATE NOT NULL,
      used BIGINT UNSIGNED NOT NULL,
      size BIGINT UNSIGNED NOT NULL,
      PRIMARY KEY (resource, taken_on)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
