import { sql } from 'kysely';
import { errorNumberOf } from './database-errors.ts';
import type { Database } from './open-database.ts';
import type { Schema } from './schema.ts';

/** Names of the database users of the two kinds of process. */
export interface Grantees {
  readonly worker: string;
  readonly web: string;
}

type Columns<Table extends keyof Schema> = readonly (keyof Schema[Table] & string)[];

/** What a user may do to a table; `true`: to the whole of it. */
interface Access<Table extends keyof Schema> {
  /** Only these columns, where they are named. */
  readonly select?: true | Columns<Table>;
  /** As `select`. */
  readonly insert?: true | Columns<Table>;
  /** As `select`. */
  readonly update?: true | Columns<Table>;
  readonly delete?: true;
}

type Right = keyof Access<keyof Schema>;
const RIGHTS = ['select', 'insert', 'update', 'delete'] as const satisfies readonly Right[];
const ALL = { select: true, insert: true, update: true, delete: true } as const;
const READ = { select: true } as const;
const ADD = { select: true, insert: true } as const;

/**
 * Who may do what to which table. A new table does not compile until it has its line here. Web is what strangers talk
 * to: it changes only the columns that a sign-up, a log-in and a retry change, and of what root acts on none.
 */
const ACCESS: { readonly [Table in keyof Schema]: Readonly<Record<keyof Grantees, Access<Table>>> } = {
  customers: {
    worker: ALL,
    web: {
      ...ADD,
      update: ['password_hash', 'email', 'claimed_email', 'deletion_at', 'locked_at', 'lock_reason'],
    },
  },
  plans: { worker: { select: true, update: true }, web: READ },
  pools: { worker: { select: true, update: true }, web: { ...READ, update: ['grown_end'] } },
  // A sign-up takes one that waits and can be told from another: what it is made of is none of its business.
  pool_members: {
    worker: ALL,
    web: {
      select: [
        'id',
        'purpose',
        'platform',
        'plan',
        'status',
        'port',
        'subnet',
        'uid',
        'fingerprint',
        'created_at',
        'ready_at',
      ],
      update: ['status'],
    },
  },
  // A retry locks the row, which takes the right to change something of it: the key of a form is of no use afterwards.
  stores: {
    worker: ALL,
    web: {
      ...READ,
      insert: [
        'id',
        'customer_id',
        'name',
        'title',
        'platform',
        'plan',
        'admin_path',
        'status',
        'wished_domain',
        'images_json',
        'versions_json',
        'created_at',
        'request_key',
        'start_json',
      ],
      update: ['request_key', 'address_change_json'],
    },
  },
  // No kind: a name of the platform, of which a store has one. A domain becomes somebody's by its proof, in the worker.
  domains: { worker: ALL, web: { ...READ, insert: ['hostname', 'store_id', 'created_at'] } },
  ports: { worker: ALL, web: ADD },
  subnets: { worker: ALL, web: ADD },
  uids: { worker: ALL, web: ADD },
  provisioning_jobs: {
    worker: ALL,
    web: { ...ADD, update: ['status', 'attempt', 'error_json', 'next_attempt_at', 'finished_at'] },
  },
  provisioning_steps: { worker: ALL, web: { ...ADD, update: ['status', 'error_json', 'finished_at'] } },
  provisioning_events: { worker: ADD, web: READ },
  sealed_secrets: { worker: ALL, web: {} },
  // What a mail says is read for the desk, which blanks what its reader could act with; nobody's bytes, no other's key.
  outbox: {
    worker: ALL,
    web: {
      insert: true,
      select: [
        'id',
        'kind',
        'recipient',
        'store_id',
        'status',
        'attempts',
        'error_json',
        'created_at',
        'next_attempt_at',
        'sent_at',
        'payload_json',
      ],
      update: ['status', 'attempts', 'next_attempt_at', 'error_json'],
    },
  },
  audit_log: { worker: ADD, web: ADD },
  ledger_seals: { worker: ADD, web: {} },
  workers: { worker: ALL, web: READ },
  scheduled_tasks: { worker: ALL, web: READ },
  routes: { worker: ALL, web: READ },
  settings: { worker: ALL, web: READ },
  sessions: { worker: ALL, web: ALL },
  totp_factors: { worker: ALL, web: { ...ADD, update: ['last_step'], delete: true } },
  recovery_codes: { worker: ALL, web: { ...ADD, update: ['used_at'], delete: true } },
  passkeys: { worker: ALL, web: { ...ADD, update: ['counter', 'name', 'used_at'], delete: true } },
  api_tokens: { worker: ALL, web: { ...ADD, update: ['used_at', 'used_from'], delete: true } },
  kept_answers: { worker: ALL, web: ALL },
  one_time_tokens: { worker: ALL, web: { ...ADD, update: ['used_at'], delete: true } },
  // Sentences, switches and the name of a plan: nothing that root acts on by more than choosing among what there is.
  platform_settings: { worker: ALL, web: { ...ADD, update: ['value_json'] } },
  capacity_samples: { worker: ALL, web: READ },
  // Pages write down what is wished; what follows from it (proof, routes, certificates) is the worker's.
  own_domains: {
    worker: ALL,
    web: {
      ...READ,
      insert: ['id', 'store_id', 'hostname', 'state', 'token', 'diagnoses_json', 'created_at', 'next_check_at'],
      update: ['is_redirecting', 'is_leaving', 'next_check_at', 'quiet_looks'],
    },
  },
  released_domains: { worker: ALL, web: READ },
  certificate_orders: { worker: ALL, web: {} },
  suspensions: { worker: ALL, web: READ },
  // An account that is unlocked has its days once more to take back what was to go.
  store_deletions: { worker: ALL, web: { ...READ, update: ['due_at'] } },
  database_openings: { worker: ALL, web: READ },
  store_usage: { worker: ALL, web: READ },
  store_settings: { worker: ALL, web: READ },
  // Secrets are sealed for the worker: web reads none of them in the clear. What is told the worker wrote, but for tests.
  webhook_endpoints: {
    worker: ALL,
    web: {
      select: [
        'id',
        'customer_id',
        'name',
        'url',
        'events_json',
        'is_enabled',
        'switched_off',
        'failing_since',
        'sealed',
        'created_at',
      ],
      insert: ['id', 'customer_id', 'name', 'url', 'events_json', 'sealed', 'created_at'],
      update: [
        'name',
        'url',
        'events_json',
        'is_enabled',
        'switched_off',
        'failing_since',
        'sealed',
        'old_sealed',
        'old_until',
      ],
      delete: true,
    },
  },
  webhook_deliveries: {
    worker: ALL,
    web: {
      ...ADD,
      update: ['status', 'attempts', 'next_attempt_at', 'error'],
    },
  },
  // Written by the worker alone, which is asked for it: a password comes with it, and a place that root connects to.
  store_mail: { worker: ALL, web: READ },
  // Pages read what the shop said that holds; what is chosen goes by a run.
  store_php_limits: { worker: ALL, web: {} },
};

/** There is no such grant: what was to be taken away has not been there. */
const NO_SUCH_GRANT = 1147;

/**
 * Gives the two users what the table above says, and takes away what an older version gave them besides. A right to the
 * whole of a table stays through it; one to columns is gone for a moment. Needs the migrations' user.
 */
export async function grantTables(db: Database, grantees: Grantees): Promise<void> {
  for (const role of ['worker', 'web'] as const) {
    const user = userOf(grantees[role]);
    for (const [table, access] of Object.entries(ACCESS)) await bringToAccess(db, user, table, access[role]);
    // Both look whether the schema fits them.
    await sql`GRANT SELECT ON ${sql.table('kysely_migration')} TO ${user}`.execute(db.kysely);
  }
}

async function bringToAccess(
  { kysely }: Database,
  user: ReturnType<typeof userOf>,
  table: string,
  access: { readonly [R in Right]?: true | readonly string[] },
): Promise<void> {
  const on = sql`ON ${sql.table(table)}`;
  // Also takes the same right to single columns away.
  const excess = RIGHTS.filter((right) => access[right] !== true);
  if (excess.length > 0) {
    try {
      await sql`REVOKE ${sql.join(excess.map(wordOf))} ${on} FROM ${user}`.execute(kysely);
    } catch (thrown) {
      if (errorNumberOf(thrown) !== NO_SUCH_GRANT) throw thrown;
    }
  }
  const granted = RIGHTS.flatMap((right) => {
    const columns = access[right];
    if (columns === undefined) return [];
    return [
      columns === true ? wordOf(right) : sql`${wordOf(right)} (${sql.join(columns.map((name) => sql.ref(name)))})`,
    ];
  });
  if (granted.length > 0) await sql`GRANT ${sql.join(granted)} ${on} TO ${user}`.execute(kysely);
}

const wordOf = (right: Right) => sql.raw(right.toUpperCase());

function userOf(name: string) {
  return sql`${sql.lit(name)}@${sql.lit('%')}`;
}
