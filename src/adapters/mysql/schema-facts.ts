import { type Kysely, sql } from 'kysely';

/** MySQL knows no `ADD COLUMN IF NOT EXISTS`: a migration that adds one looks first, so that it may be repeated. */
export async function hasColumn(db: Kysely<unknown>, table: string, column: string): Promise<boolean> {
  const { rows } = await sql`
    SELECT 1 FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = ${table} AND column_name = ${column}
  `.execute(db);
  return rows.length > 0;
}

/** As `hasColumn`, for a key. */
export async function hasKey(db: Kysely<unknown>, table: string, key: string): Promise<boolean> {
  const { rows } = await sql`
    SELECT 1 FROM information_schema.statistics
    WHERE table_schema = DATABASE() AND table_name = ${table} AND index_name = ${key} LIMIT 1
  `.execute(db);
  return rows.length > 0;
}
