import { type Kysely, sql } from 'kysely';
import { hasColumn, hasKey } from '../schema-facts.ts';

/** When a shop's mail was last taken up: whoever waits longest is next. And a way to ask of each shop what is due. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasColumn(db, 'stores', 'mail_turn_at')) return;
  if (!(await hasKey(db, 'outbox', 'outbox_store_due'))) {
    await sql`ALTER TABLE outbox ADD KEY outbox_store_due (store_id, status, next_attempt_at)`.execute(db);
  }
  await sql`ALTER TABLE stores ADD COLUMN mail_turn_at DATETIME(3) NULL`.execute(db);
}
