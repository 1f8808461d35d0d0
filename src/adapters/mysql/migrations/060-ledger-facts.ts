import { type Kysely, sql } from 'kysely';
import { hasColumn } from '../schema-facts.ts';

/** As whom, about which store, from where, in which request and with which end something was done. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasColumn(db, 'audit_log', 'acting_as')) return;
  await sql`
    ALTER TABLE audit_log
      ADD COLUMN acting_as VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL AFTER actor,
      ADD COLUMN store_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL AFTER target,
      ADD COLUMN result VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'ok' AFTER store_id,
      ADD COLUMN address VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NULL AFTER details_json,
      ADD COLUMN request_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL AFTER address,
      ADD KEY audit_log_store (store_id, id),
      ADD KEY audit_log_actor (actor, id),
      ADD KEY audit_log_acting_as (acting_as, id),
      ADD KEY audit_log_request (request_id)
  `.execute(db);
}
