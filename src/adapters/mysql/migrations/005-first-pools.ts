import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    INSERT IGNORE INTO pools (name) VALUES ('ports'), ('subnets'), ('uids')
  `.execute(db);
}
