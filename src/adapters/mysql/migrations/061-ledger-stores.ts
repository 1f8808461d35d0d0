import { type Kysely, sql } from 'kysely';

/** Lines of before that are about a store say so where later ones do. Nothing was sealed yet. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    UPDATE audit_log SET store_id = target WHERE store_id IS NULL AND target LIKE 'sto\\_%' AND LENGTH(target) <= 64
  `.execute(db);
}
