import {
  createDatabaseAndUsers,
  type Database,
  FOREIGN_KEY_COUNT,
  migrate,
  migrationStatus,
  openDatabase,
  readServerFacts,
  waitForDatabase,
} from '../adapters/mysql/index.ts';
import type { Config } from '../config/config.ts';
import { AppError } from '../domain/errors.ts';
import { MINUTE } from '../lib/time.ts';
import type { DatabaseFacts } from '../operating/doctor/database-check.ts';
import type { Adapters } from './adapters.ts';

const DATABASE_WITHIN_MS = 2 * MINUTE;
/** A server that locks up in the middle must not keep `up` for ever; what is applied stays applied. */
const SCHEMA_WITHIN_MS = 10 * MINUTE;

/** Database, users, tables and the default plan; returns what was done, in a few words. Waits for a starting server. */
export async function ensureSchema({ config, repositories }: Adapters, signal: AbortSignal): Promise<string> {
  const { mysql } = config;
  const { users, database, admin } = mysql;
  if (admin !== undefined) {
    // Without the database's name: on a first start there is none yet.
    const server = { host: mysql.host, port: mysql.port, ...admin };
    await waitForDatabase(server, AbortSignal.any([signal, AbortSignal.timeout(DATABASE_WITHIN_MS)]));
    await createDatabaseAndUsers(server, { database, users });
  }
  const isSeparate = users.migrate.user !== users.worker.user && admin !== undefined;
  const grants = isSeparate ? { grantTo: { worker: users.worker.user, web: users.web.user } } : {};
  const { applied } = await within(
    SCHEMA_WITHIN_MS,
    signal,
    asMigrator(config, (db) => migrate(db, grants)),
  );
  await repositories.plans.syncDefaultPlan(config.defaultPlan);
  return applied.length === 0 ? 'up to date' : `${applied.length} migrations applied`;
}

/** Which migrations are applied and which wait. Changes nothing. */
export const readMigrations = (config: Config) => asMigrator(config, migrationStatus);

/** What doctor wants to know of server and schema. */
export const inspectSchema = (config: Config): Promise<DatabaseFacts & { timeZone: string; now: Date }> =>
  asMigrator(config, async (db) => {
    const { version, foreignKeys, timeZone, now } = await readServerFacts(db);
    const { pending } = await migrationStatus(db);
    return {
      version,
      pendingMigrations: pending,
      foreignKeys: { found: foreignKeys, wanted: FOREIGN_KEY_COUNT },
      timeZone,
      now,
    };
  });

/** Only the migrations' user sees the whole schema; its connection is opened for the question and closed after it. */
async function asMigrator<T>({ mysql }: Config, ask: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase({ ...mysql, ...mysql.users.migrate, poolSize: 1 });
  try {
    return await ask(db);
  } finally {
    await db.close();
  }
}

async function within<T>(ms: number, stop: AbortSignal, work: Promise<T>): Promise<T> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(ms)]);
  const ended = new Promise<never>((_resolve, reject) => {
    const say = (): void => {
      if (stop.aborted) return reject(stop.reason as Error);
      const message = `The schema was not brought up to date within ${ms / MINUTE} minutes.`;
      reject(new AppError('database_unavailable', message, { retryable: true, hint: 'Run: shopctl migrate' }));
    };
    signal.addEventListener('abort', say, { once: true });
  });
  work.catch(() => undefined); // Whoever loses the race has nobody left to tell.
  return Promise.race([work, ended]);
}
