import { sql } from 'kysely';
import type { Database } from './open-database.ts';
import type { Schema } from './schema.ts';

/** Names of the database users of the two kinds of process. */
export interface Grantees {
  readonly worker: string;
  readonly web: string;
}

type Access = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';
const ALL: readonly Access[] = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];
const READ: readonly Access[] = ['SELECT'];

/** Who may do what to which table. A new table does not compile until it has its line here. */
const ACCESS: Readonly<Record<keyof Schema, Readonly<Record<keyof Grantees, readonly Access[]>>>> = {
  customers: { worker: ALL, web: ['SELECT', 'INSERT', 'UPDATE'] },
  plans: { worker: ['SELECT', 'UPDATE'], web: READ },
  pools: { worker: ['SELECT', 'UPDATE'], web: ['SELECT', 'UPDATE'] },
  stores: { worker: ALL, web: ['SELECT', 'INSERT', 'UPDATE'] },
  domains: { worker: ALL, web: ['SELECT', 'INSERT'] },
  ports: { worker: ALL, web: ['SELECT', 'INSERT'] },
  subnets: { worker: ALL, web: ['SELECT', 'INSERT'] },
  uids: { worker: ALL, web: ['SELECT', 'INSERT'] },
  provisioning_jobs: { worker: ALL, web: ['SELECT', 'INSERT', 'UPDATE'] },
  provisioning_steps: { worker: ALL, web: ['SELECT', 'INSERT', 'UPDATE'] },
  provisioning_events: { worker: ['SELECT', 'INSERT'], web: READ },
  sealed_secrets: { worker: ALL, web: [] },
  outbox: { worker: ALL, web: ['SELECT', 'INSERT'] },
  audit_log: { worker: ['SELECT', 'INSERT'], web: ['INSERT'] },
  workers: { worker: ALL, web: READ },
  scheduled_tasks: { worker: ALL, web: [] },
  routes: { worker: ALL, web: READ },
  settings: { worker: ALL, web: READ },
  sessions: { worker: ALL, web: ALL },
};

/** Gives the two users what the table above says; takes nothing away. Needs the migrations' user. */
export async function grantTables(db: Database, grantees: Grantees): Promise<void> {
  for (const role of ['worker', 'web'] as const) {
    const user = userOf(grantees[role]);
    for (const [table, access] of Object.entries(ACCESS)) {
      const rights = access[role];
      if (rights.length === 0) continue;
      await sql`GRANT ${sql.raw(rights.join(', '))} ON ${sql.table(table)} TO ${user}`.execute(db.kysely);
    }
    // Both look whether the schema fits them.
    await sql`GRANT SELECT ON ${sql.table('kysely_migration')} TO ${user}`.execute(db.kysely);
  }
}

function userOf(name: string) {
  return sql`${sql.lit(name)}@${sql.lit('%')}`;
}
