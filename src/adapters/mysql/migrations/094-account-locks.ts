import { type Kysely, sql } from 'kysely';
import { hasColumn } from '../schema-facts.ts';

/** Since when an operator lets nobody into an account, and why; null while its owner may sign in. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasColumn(db, 'customers', 'locked_at')) return;
  await sql`
    ALTER TABLE customers
      ADD COLUMN locked_at DATETIME(3) NULL,
      ADD COLUMN lock_reason VARCHAR(300) COLLATE utf8mb4_bin NULL
  `.execute(db);
}
