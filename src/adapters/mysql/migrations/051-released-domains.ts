import { type Kysely, sql } from 'kysely';

/** Names that were a store's until then. No foreign key: they outlive store and customer, which is what they are for. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS released_domains (
      hostname VARCHAR(253) COLLATE utf8mb4_bin NOT NULL,
      customer_id VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
      released_at DATETIME(3) NOT NULL,
      PRIMARY KEY (hostname)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
  `.execute(db);
}
