import { type Kysely, sql } from 'kysely';
import { hasColumn } from '../schema-facts.ts';

/** The address, where the account holds it for good; nobody else can then. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasColumn(db, 'customers', 'claimed_email')) return;
  await sql`
    ALTER TABLE customers
      ADD COLUMN claimed_email VARCHAR(254) COLLATE utf8mb4_bin NULL AFTER email,
      ADD UNIQUE KEY customers_claimed_email_unique (claimed_email)
  `.execute(db);
}
