import { type Kysely, sql } from 'kysely';
import { hasKey } from '../schema-facts.ts';

/** An event names its run and its store: from now on both lead to the same customer, or the event cannot be written. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasKey(db, 'provisioning_events', 'provisioning_events_of_run')) return;
  await sql`
    ALTER TABLE provisioning_events
      DROP FOREIGN KEY provisioning_events_run_fk,
      DROP KEY provisioning_events_run,
      ADD KEY provisioning_events_of_run (run_id, store_id),
      ADD CONSTRAINT provisioning_events_of_run_fk
        FOREIGN KEY (run_id, store_id) REFERENCES provisioning_jobs (id, store_id) ON DELETE CASCADE
  `.execute(db);
}
