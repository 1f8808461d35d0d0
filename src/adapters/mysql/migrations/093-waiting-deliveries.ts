import { type Kysely, sql } from 'kysely';
import { hasKey } from '../schema-facts.ts';

/** What waits for one endpoint, in order, however much it was told before. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasKey(db, 'webhook_deliveries', 'webhook_deliveries_waiting')) return;
  await sql`ALTER TABLE webhook_deliveries ADD KEY webhook_deliveries_waiting (endpoint_id, status, id)`.execute(db);
}
