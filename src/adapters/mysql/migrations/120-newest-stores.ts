import { type Kysely, sql } from 'kysely';
import { hasKey } from '../schema-facts.ts';

/** Which of a customer's stores is the newest is asked all the time: one look into this key, however many they have. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasKey(db, 'stores', 'stores_customer_created')) return;
  await sql`ALTER TABLE stores ADD KEY stores_customer_created (customer_id, created_at, id)`.execute(db);
}
