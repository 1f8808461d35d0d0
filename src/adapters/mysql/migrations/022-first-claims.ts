import { type Kysely, sql } from 'kysely';

/** Every account so far was made by an operator. Safe to repeat: until the next migration each address is there once. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`UPDATE customers SET claimed_email = email WHERE claimed_email IS NULL`.execute(db);
}
