import { type Kysely, sql } from 'kysely';
import { hasColumn } from '../schema-facts.ts';

/**
 * Who may not write a kind writes names of the platform, and a store has one of those: so the web process, which may
 * not, cannot make a domain somebody's (see grants.ts).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE domains MODIFY COLUMN kind VARCHAR(16) COLLATE utf8mb4_bin NOT NULL DEFAULT 'platform'
  `.execute(db);
  if (await hasColumn(db, 'domains', 'platform_of')) return;
  await sql`
    ALTER TABLE domains
      ADD COLUMN platform_of VARCHAR(64) COLLATE utf8mb4_bin AS (IF(kind = 'platform', store_id, NULL)) VIRTUAL,
      ADD UNIQUE KEY domains_platform_unique (platform_of)
  `.execute(db);
}
