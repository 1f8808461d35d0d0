import { sql } from 'kysely';
import { AppError } from '../../domain/errors.ts';
import type { Database } from './open-database.ts';

/**
 * What tells this database from every other: the moment its first migration was recorded, to the millisecond. A backup
 * has it, also one from before anybody asked for it; a database that is made anew has another one. Throws
 * `schema_outdated` before the first migration.
 */
export async function readDatabaseIdentity(db: Database): Promise<string> {
  const { rows } = await sql<{ timestamp: string }>`
    SELECT timestamp FROM kysely_migration ORDER BY name LIMIT 1
  `.execute(db.kysely);
  const [first] = rows;
  if (first !== undefined) return first.timestamp;
  throw new AppError('schema_outdated', 'The database has no tables yet.', { hint: 'Run: shopctl migrate' });
}
