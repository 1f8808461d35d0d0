import { type Kysely, sql } from 'kysely';
import { hasKey } from '../schema-facts.ts';

/** So that what hangs on a run can name the run's own store with it, and no other. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasKey(db, 'provisioning_jobs', 'provisioning_jobs_of_store')) return;
  await sql`ALTER TABLE provisioning_jobs ADD UNIQUE KEY provisioning_jobs_of_store (id, store_id)`.execute(db);
}
