import { toAppError } from '../../domain/errors.ts';
import { type Check, fail, ok, START_AGAIN } from './check.ts';

export interface DatabaseFacts {
  /** As the server tells it, e.g. `9.7.4` or `10.11.6-MariaDB`. */
  readonly version: string;
  readonly pendingMigrations: readonly string[];
  readonly foreignKeys: { readonly found: number; readonly wanted: number };
}

const LEAST_MYSQL = [8, 4] as const;
const LEAST_MARIADB = [10, 11] as const;

/** The seed's fourth trouble, database connection: reachable, new enough, migrated, its foreign keys really there. */
export const databaseCheck = (parts: {
  readonly inspect: (signal: AbortSignal) => Promise<DatabaseFacts>;
  readonly managed: boolean;
  readonly address: string;
}): Check => ({
  name: 'database',
  async run(signal) {
    let facts: DatabaseFacts;
    try {
      facts = await parts.inspect(signal);
    } catch (thrown) {
      const message = `The database at ${parts.address} does not answer: ${toAppError(thrown).message}`;
      return fail(message, parts.managed ? START_AGAIN : 'grep ^DB_ .env; shopctl migrate --status');
    }
    const { version, pendingMigrations, foreignKeys } = facts;
    if (!isNewEnough(version)) {
      const least = `MySQL ${LEAST_MYSQL.join('.')} or MariaDB ${LEAST_MARIADB.join('.')}`;
      return fail(
        `The database is ${version}; ${least} is needed.`,
        parts.managed ? `shopctl images prepare && ${START_AGAIN}` : `Upgrade the server at ${parts.address}.`,
      );
    }
    if (pendingMigrations.length > 0) {
      return fail(`${pendingMigrations.length} migrations are pending (${pendingMigrations[0]} …).`, 'shopctl migrate');
    }
    if (foreignKeys.found < foreignKeys.wanted) {
      return fail(
        `Only ${foreignKeys.found} of ${foreignKeys.wanted} foreign keys are there.`,
        'Restore the database from a backup: somebody changed its schema.',
      );
    }
    return ok(`${version} at ${parts.address}, schema up to date`);
  },
});

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const [leastMajor, leastMinor] = /mariadb/i.test(version) ? LEAST_MARIADB : LEAST_MYSQL;
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}
