import type { Selectable } from 'kysely';
import { AppError } from '../../domain/errors.ts';
import type { Origin } from '../../domain/origin.ts';
import type { PlanWish } from '../../domain/plan-wish.ts';
import { PLATFORM_SETTING_NAMES } from '../../domain/platform-settings.ts';
import type { Plan } from '../../domain/store.ts';
import { appendAudit } from './audit.ts';
import { readJson } from './json-columns.ts';
import type { Database } from './open-database.ts';
import { readRunInput } from './run-rows.ts';
import type { Schema } from './schema.ts';
import { inTransaction, type Tx } from './transactions.ts';

export type PlanRepository = ReturnType<typeof createPlanRepository>;

const COLUMN_OF = {
  priceCents: 'price_cents',
  memoryMb: 'memory_mb',
  cpuMillis: 'cpu_millis',
  diskMb: 'disk_mb',
  maxStores: 'max_stores',
  backupsKept: 'backups_kept',
} as const satisfies { readonly [Key in keyof Required<PlanWish>]: keyof Schema['plans'] };

/** What can be bought. Seeded by a migration. */
export function createPlanRepository(db: Database) {
  async function list(): Promise<Plan[]> {
    const [rows, chosen] = await Promise.all([
      db.kysely.selectFrom('plans').selectAll().orderBy('position').execute(),
      db.kysely
        .selectFrom('platform_settings')
        .select('value_json')
        .where('name', '=', PLATFORM_SETTING_NAMES.defaultPlan)
        .executeTakeFirst(),
    ]);
    const name = chosen && readJson(chosen.value_json);
    const isChosen = rows.some((row) => row.name === name);
    return rows.map((row) => ({ ...toPlan(row), isDefault: isChosen ? row.name === name : row.is_default === 1 }));
  }

  return {
    /** Smallest first. The default one is what operators chose, else the one that the installation began with. */
    list,

    /** Throws `not_found` naming the plans there are. */
    async get(name: string): Promise<Plan> {
      const plans = await list();
      const plan = plans.find((candidate) => candidate.name === name);
      if (plan !== undefined) return plan;
      throw new AppError('not_found', `There is no plan ${name}.`, {
        hint: `Choose one of: ${plans.map((known) => known.name).join(', ')}`,
      });
    },

    /** Only what is wished for, with its line; nothing where nothing differs. Throws `not_found`. */
    async change(name: string, wish: PlanWish, { origin, now }: { origin: Origin; now: Date }): Promise<void> {
      await inTransaction(db, async (tx) => {
        const row = await tx.selectFrom('plans').selectAll().where('name', '=', name).forUpdate().executeTakeFirst();
        if (row === undefined) throw new AppError('not_found', `There is no plan ${name}.`);
        const before = toPlan(row);
        const changed = Object.entries(COLUMN_OF).filter(([key]) => {
          const wished = wish[key as keyof PlanWish];
          return wished !== undefined && wished !== before[key as keyof PlanWish];
        }) as [keyof PlanWish, (typeof COLUMN_OF)[keyof PlanWish]][];
        if (changed.length === 0) return;
        const values = Object.fromEntries(changed.map(([key, column]) => [column, wish[key]]));
        await tx.updateTable('plans').set(values).where('name', '=', name).execute();
        const details = Object.fromEntries(changed.map(([key]) => [key, { from: before[key], to: wish[key] }]));
        await appendAudit(tx, { ...origin, action: 'plan.changed', target: name, details, at: now });
      });
    },

    async default(): Promise<Plan> {
      const plans = await list();
      const plan = plans.find(({ isDefault }) => isDefault) ?? plans[0];
      if (plan !== undefined) return plan;
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

/**
 * From here to the end of the transaction nobody else makes a store for the customer or wishes for another plan of one:
 * whoever counts them against what their plans hold calls this before. Before any store's row, so that two never wait
 * for each other.
 */
export async function lockPlansOf(tx: Tx, customerId: string): Promise<void> {
  await tx.selectFrom('customers').select('id').where('id', '=', customerId).forUpdate().execute();
}

/**
 * What the plan of each store that the customer has holds, but of the one that is left out. Where a change of plan waits
 * or is under way, the smaller of the two counts: it may come to its end, and it may fail.
 */
export async function plansOfCustomer(tx: Tx, customerId: string, except?: string): Promise<Pick<Plan, 'maxStores'>[]> {
  const known = await tx.selectFrom('plans').select(['name', 'max_stores']).execute();
  const holdsOf = new Map(known.map(({ name, max_stores }) => [name, max_stores]));
  // One look at both: between two a change could come to its end.
  const rows = await tx
    .selectFrom('stores')
    .leftJoin('provisioning_jobs as job', (join) =>
      join
        .onRef('job.store_id', '=', 'stores.id')
        .on('job.kind', '=', 'resize')
        .on('job.status', 'in', ['queued', 'running']),
    )
    .select(['stores.id', 'stores.plan', 'job.input_json'])
    .where('stores.customer_id', '=', customerId)
    .execute();
  const least = new Map<string, number>();
  for (const { id, plan, input_json } of rows) {
    if (id === except) continue;
    for (const name of [plan, readRunInput(input_json)['plan'] ?? plan]) {
      least.set(id, Math.min(least.get(id) ?? Number.POSITIVE_INFINITY, holdsOf.get(name) ?? 0));
    }
  }
  return [...least.values()].map((maxStores) => ({ maxStores }));
}

/** Throws `not_found`. */
export async function planNamed(tx: Tx, name: string): Promise<Pick<Plan, 'maxStores'>> {
  const row = await tx.selectFrom('plans').selectAll().where('name', '=', name).executeTakeFirst();
  if (row === undefined) throw new AppError('not_found', `There is no plan ${name}.`);
  return toPlan(row);
}

function toPlan(row: Selectable<Schema['plans']>): Omit<Plan, 'isDefault'> {
  return {
    name: row.name,
    memoryMb: row.memory_mb,
    cpuMillis: row.cpu_millis,
    diskMb: row.disk_mb,
    maxStores: row.max_stores,
    backupsKept: row.backups_kept,
    priceCents: row.price_cents,
  };
}
