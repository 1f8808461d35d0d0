import { type Kysely, sql } from 'kysely';
import { hasKey } from '../schema-facts.ts';

/** Mails are looked up by whom they go to: for the desk, for a person's own file, and when an account goes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasKey(db, 'outbox', 'outbox_recipient')) return;
  await sql`ALTER TABLE outbox ADD KEY outbox_recipient (recipient(190))`.execute(db);
}
