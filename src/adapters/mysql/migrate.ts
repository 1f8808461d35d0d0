import { type MigrationResult, Migrator } from 'kysely';
import { AppError } from '../../domain/errors.ts';
import { type Grantees, grantTables } from './grants.ts';
import { MIGRATIONS } from './migrations/index.ts';
import type { Database } from './open-database.ts';

export interface MigrationStatus {
  readonly upToDate: boolean;
  readonly applied: readonly string[];
  readonly pending: readonly string[];
}

export interface MigrateOptions {
  /** Names of the users that get what web and worker need on each table; they must exist. Left alone when not given. */
  readonly grantTo?: Grantees;
  readonly onApplied?: (name: string) => void;
}

/**
 * Brings the schema to this version: each migration is one statement that may be repeated, so a crash between two loses
 * nothing. Two at once wait for each other. Throws `schema_outdated` when the database is newer than this program.
 */
export async function migrate(db: Database, options: MigrateOptions = {}): Promise<{ applied: string[] }> {
  const { error, results = [] } = await createMigrator(db).migrateToLatest();
  const applied = results.filter(({ status }) => status === 'Success').map(({ migrationName }) => migrationName);
  for (const name of applied) options.onApplied?.(name);
  if (error !== undefined) throw explain(error, results);
  if (options.grantTo !== undefined) await grantTables(db, options.grantTo);
  return { applied };
}

/** What has been applied and what has not. Changes nothing. */
export async function migrationStatus(db: Database): Promise<MigrationStatus> {
  const migrations = await createMigrator(db).getMigrations();
  const applied = migrations.filter(({ executedAt }) => executedAt !== undefined).map(({ name }) => name);
  const pending = migrations.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name);
  return { upToDate: pending.length === 0, applied, pending };
}

function createMigrator(db: Database): Migrator {
  return new Migrator({
    db: db.kysely,
    provider: { getMigrations: () => Promise.resolve(MIGRATIONS) },
    // Numbers are given out before work begins, and finished in another order. Each stands for itself.
    allowUnorderedMigrations: true,
  });
}

function explain(thrown: unknown, results: readonly MigrationResult[]): AppError {
  if (thrown instanceof AppError) return thrown;
  const failed = results.find(({ status }) => status === 'Error')?.migrationName;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError(
    'schema_outdated',
    failed === undefined ? `The schema cannot be upgraded: ${message}` : `The migration ${failed} failed: ${message}`,
    { cause: thrown, hint: 'Nothing of it is lost; put the reason right and run shopctl migrate again.' },
  );
}
