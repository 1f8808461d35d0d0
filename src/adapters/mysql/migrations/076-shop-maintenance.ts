import { type Kysely, sql } from 'kysely';

/** Do visitors see a note instead of the shop? As the shop said when it was last asked; null: it has no such mode. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE store_settings ADD COLUMN maintenance VARCHAR(3) COLLATE utf8mb4_bin NULL`.execute(db);
}
