import type { Database } from './open-database.ts';
import { databaseNow, databaseNowPlus } from './transactions.ts';

export type TaskRepository = ReturnType<typeof createTaskRepository>;

const LONG_AGO = new Date('2000-01-01T00:00:00.000Z');

/** Work that recurs, done by one of many workers. */
export function createTaskRepository(db: Database) {
  return {
    /** When its turn was claimed last; `undefined` before the first time. */
    async ranAt(name: string): Promise<Date | undefined> {
      const row = await db.kysely
        .selectFrom('scheduled_tasks')
        .select('ran_at')
        .where('name', '=', name)
        .executeTakeFirst();
      return row?.ran_at;
    },

    /** True for exactly one caller per period, by the database's clock. A caller that then dies skips that period. */
    async claim(name: string, everyMs: number): Promise<boolean> {
      const known = await db.kysely
        .selectFrom('scheduled_tasks')
        .select('name')
        .where('name', '=', name)
        .executeTakeFirst();
      if (known === undefined) {
        await db.kysely.insertInto('scheduled_tasks').ignore().values({ name, ran_at: LONG_AGO }).execute();
      }
      const { numUpdatedRows } = await db.kysely
        .updateTable('scheduled_tasks')
        .set({ ran_at: databaseNow })
        .where('name', '=', name)
        .where('ran_at', '<=', databaseNowPlus(-everyMs))
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },
  };
}
