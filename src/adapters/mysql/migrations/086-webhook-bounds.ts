import { type Kysely, sql } from 'kysely';
import { hasColumn, hasKey } from '../schema-facts.ts';

/** Who takes long waits behind others; deliveries are paged by the key that they are read by; what domains have told. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (!(await hasColumn(db, 'webhook_endpoints', 'is_slow'))) {
    await sql`ALTER TABLE webhook_endpoints ADD COLUMN is_slow TINYINT NOT NULL DEFAULT 0 AFTER failing_since`.execute(
      db,
    );
  }
  // Ids sort by time of making. The new key comes first: the reference to endpoints needs one at any moment.
  if (!(await hasKey(db, 'webhook_deliveries', 'webhook_deliveries_pages'))) {
    await sql`ALTER TABLE webhook_deliveries ADD KEY webhook_deliveries_pages (endpoint_id, id)`.execute(db);
  }
  if (await hasKey(db, 'webhook_deliveries', 'webhook_deliveries_newest')) {
    await sql`ALTER TABLE webhook_deliveries DROP KEY webhook_deliveries_newest`.execute(db);
  }
  if (await hasColumn(db, 'own_domains', 'told_state')) return;
  await sql`ALTER TABLE own_domains ADD COLUMN told_state VARCHAR(16) COLLATE utf8mb4_bin NULL`.execute(db);
  await sql`UPDATE own_domains SET told_state = state WHERE state IN ('valid', 'problem')`.execute(db);
}
