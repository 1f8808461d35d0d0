import { type Kysely, sql } from 'kysely';
import { hasKey } from '../schema-facts.ts';

/** An address that nobody has proven may stand in several accounts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasKey(db, 'customers', 'customers_email')) return;
  await sql`
    ALTER TABLE customers DROP KEY customers_email_unique, ADD KEY customers_email (email)
  `.execute(db);
}
