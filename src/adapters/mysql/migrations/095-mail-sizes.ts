import { type Kysely, sql } from 'kysely';
import { hasColumn } from '../schema-facts.ts';

/** How long a mail is, known without reading it: what waits of one shop is summed up again and again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasColumn(db, 'outbox', 'raw_bytes')) return;
  await sql`
    ALTER TABLE outbox
      ADD COLUMN raw_bytes INT UNSIGNED GENERATED ALWAYS AS (COALESCE(LENGTH(raw), 0)) STORED
  `.execute(db);
}
