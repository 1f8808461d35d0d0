import { sql } from 'kysely';
import type { Database } from '../../src/adapters/mysql/index.ts';

/** Every row of every table, by table; each as JSON, in order. */
export type TableCopies = ReadonlyMap<string, readonly string[]>;

type Row = Readonly<Record<string, unknown>>;

/** What a whole database holds at one moment, to be compared and to be put back. `admin` is a user who may do everything. */
export function createTableCopies({ kysely }: Database) {
  const held = new Map<string, readonly Row[]>();

  async function tables(): Promise<string[]> {
    const found = await sql<{ name: string }>`
      SELECT table_name AS name FROM information_schema.tables
      WHERE table_schema = DATABASE() AND table_name NOT LIKE 'kysely%' ORDER BY table_name
    `.execute(kysely);
    return found.rows.map(({ name }) => name);
  }
  /** What the database makes of the others by itself: read, but never written. */
  async function derivedColumns(): Promise<ReadonlySet<string>> {
    const found = await sql<{ name: string }>`
      SELECT CONCAT(table_name, '.', column_name) AS name FROM information_schema.columns
      WHERE table_schema = DATABASE() AND extra LIKE '%GENERATED%'
    `.execute(kysely);
    return new Set(found.rows.map(({ name }) => name));
  }
  const rowsOf = async (table: string): Promise<Row[]> =>
    (await sql<Row>`SELECT * FROM ${sql.table(table)}`.execute(kysely)).rows;

  return {
    /** Keeps all rows as they are now, for `putBack`. */
    async hold(): Promise<void> {
      for (const table of await tables()) held.set(table, await rowsOf(table));
    },

    /** Every table that is not as it was when it was held is so again. */
    async putBack(): Promise<void> {
      await kysely.connection().execute(async (connection) => {
        const derived = await derivedColumns();
        await sql`SET FOREIGN_KEY_CHECKS = 0`.execute(connection);
        for (const [table, rows] of held) {
          const now = (await sql<Row>`SELECT * FROM ${sql.table(table)}`.execute(connection)).rows;
          if (asTexts(now).join() === asTexts(rows).join()) continue;
          await sql`DELETE FROM ${sql.table(table)}`.execute(connection);
          for (const row of rows) {
            const written = Object.entries(row).filter(([name]) => !derived.has(`${table}.${name}`));
            const columns = written.map(([name]) => sql.ref(name));
            const values = written.map(([, value]) => value);
            await sql`INSERT INTO ${sql.table(table)} (${sql.join(columns)}) VALUES (${sql.join(values)})`.execute(
              connection,
            );
          }
        }
        await sql`SET FOREIGN_KEY_CHECKS = 1`.execute(connection);
      });
    },

    /** All rows, but for the columns that `without` names as `table.column`, and the tables that it names. */
    async read(without: readonly string[]): Promise<TableCopies> {
      const names = (await tables()).filter((table) => !without.includes(table));
      const read = names.map(async (table): Promise<[string, string[]]> => {
        const rows = await rowsOf(table);
        const shown = rows.map((row) =>
          Object.fromEntries(Object.entries(row).filter(([column]) => !without.includes(`${table}.${column}`))),
        );
        return [table, asTexts(shown)];
      });
      return new Map(await Promise.all(read));
    },
  };
}

/** The rows that only one of the two has, as `table row`. */
export function differenceOf(before: TableCopies, after: TableCopies): string[] {
  return [...before].flatMap(([table, rows]) => {
    const others = after.get(table) ?? [];
    return [...rows.filter((row) => !others.includes(row)), ...others.filter((row) => !rows.includes(row))].map(
      (row) => `${table} ${row}`,
    );
  });
}

const asTexts = (rows: readonly Row[]): string[] => rows.map((row) => JSON.stringify(row)).toSorted();
