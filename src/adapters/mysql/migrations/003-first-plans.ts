import { type Kysely, sql } from 'kysely';
import { FIRST_PLANS } from '../../../domain/plans.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  const rows = FIRST_PLANS.map(
    (plan, position) =>
      sql`(${sql.join([
        plan.name,
        position,
        plan.memoryMb,
        plan.cpuMillis,
        plan.diskMb,
        plan.maxStores,
        plan.backupsKept,
        plan.priceCents,
        plan.isDefault ? 1 : 0,
      ])})`,
  );
  await sql`
    INSERT IGNORE INTO plans
      (name, position, memory_mb, cpu_millis, disk_mb, max_stores, backups_kept, price_cents, is_default)
    VALUES ${sql.join(rows)}
  `.execute(db);
}
