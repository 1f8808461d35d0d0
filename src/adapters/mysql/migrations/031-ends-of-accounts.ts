import { type Kysely, sql } from 'kysely';
import { hasColumn } from '../schema-facts.ts';

/** When an account goes, with all it has; null while it stays. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasColumn(db, 'customers', 'deletion_at')) return;
  await sql`
    ALTER TABLE customers
      ADD COLUMN deletion_at DATETIME(3) NULL,
      ADD KEY customers_deletion_at (deletion_at)
  `.execute(db);
}
