import { type Kysely, sql } from 'kysely';
import { hasKey } from '../schema-facts.ts';

/** What the desk's lists are sorted and filtered by. Each is looked for first, so all of it may be repeated. */
const KEYS = [
  ['stores', 'stores_created', ['created_at', 'id']],
  ['stores', 'stores_status_created', ['status', 'created_at', 'id']],
  ['customers', 'customers_created', ['created_at', 'id']],
  ['customers', 'customers_role_created', ['role', 'created_at', 'id']],
  ['provisioning_jobs', 'provisioning_jobs_created', ['created_at', 'id']],
  ['provisioning_jobs', 'provisioning_jobs_status_created', ['status', 'created_at', 'id']],
  ['provisioning_jobs', 'provisioning_jobs_kind_created', ['kind', 'created_at', 'id']],
] as const;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const [table, key, columns] of KEYS) {
    if (await hasKey(db, table, key)) continue;
    const list = sql.join(columns.map((column) => sql.ref(column)));
    await sql`ALTER TABLE ${sql.table(table)} ADD KEY ${sql.ref(key)} (${list})`.execute(db);
  }
}
