import type { Selectable } from 'kysely';
import { AppError } from '../../domain/errors.ts';
import type { Plan } from '../../domain/store.ts';
import type { Database } from './open-database.ts';
import type { Schema } from './schema.ts';

export type PlanRepository = ReturnType<typeof createPlanRepository>;

/** What can be bought. Seeded by a migration. */
export function createPlanRepository(db: Database) {
  return {
    /** Smallest first. */
    async list(): Promise<Plan[]> {
      const rows = await db.kysely.selectFrom('plans').selectAll().orderBy('position').execute();
      return rows.map(toPlan);
    },

    /** Throws `not_found` naming the plans there are. */
    async get(name: string): Promise<Plan> {
      const rows = await db.kysely.selectFrom('plans').selectAll().orderBy('position').execute();
      const row = rows.find((plan) => plan.name === name);
      if (row !== undefined) return toPlan(row);
      throw new AppError('not_found', `There is no plan ${name}.`, {
        hint: `Choose one of: ${rows.map((plan) => plan.name).join(', ')}`,
      });
    },

    async default(): Promise<Plan> {
      const row = await db.kysely
        .selectFrom('plans')
        .selectAll()
        .orderBy('is_default', 'desc')
        .orderBy('position')
        .limit(1)
        .executeTakeFirst();
      if (row !== undefined) return toPlan(row);
      throw new AppError('schema_outdated', 'The table of plans is empty.', { hint: 'Run: shopctl migrate' });
    },

    /** Makes `DEFAULT_MEMORY_LIMIT` and `DEFAULT_CPU_LIMIT` the limits of the default plan. Running stores keep theirs. */
    async syncDefaultPlan({
      memoryMb,
      cpuMillis,
    }: {
      memoryMb?: number | undefined;
      cpuMillis?: number | undefined;
    }): Promise<void> {
      const limits = {
        ...(memoryMb === undefined ? {} : { memory_mb: memoryMb }),
        ...(cpuMillis === undefined ? {} : { cpu_millis: cpuMillis }),
      };
      if (Object.keys(limits).length === 0) return;
      await db.kysely.updateTable('plans').set(limits).where('is_default', '=', 1).execute();
    },
  };
}

function toPlan(row: Selectable<Schema['plans']>): Plan {
  return {
    name: row.name,
    memoryMb: row.memory_mb,
    cpuMillis: row.cpu_millis,
    diskMb: row.disk_mb,
    maxStores: row.max_stores,
    backupsKept: row.backups_kept,
    priceCents: row.price_cents,
    isDefault: row.is_default === 1,
  };
}
