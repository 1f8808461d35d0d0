import { type Kysely, sql } from 'kysely';
import { hasColumn } from '../schema-facts.ts';

/** How many mails of a shop were taken up to be sent since its hour began. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (await hasColumn(db, 'stores', 'mail_hour_at')) return;
  await sql`
    ALTER TABLE stores
      ADD COLUMN mail_hour_at DATETIME(3) NULL,
      ADD COLUMN mail_hour_count INT NOT NULL DEFAULT 0
  `.execute(db);
}
