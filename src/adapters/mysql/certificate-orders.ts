import { BUDGET, BUDGET_MEMORY_MS, type OrderCounts } from '../../domain/order-budget.ts';
import { registrableOf } from '../../domain/own-domains.ts';
import type { Database } from './open-database.ts';

export type CertificateOrderRepository = ReturnType<typeof createCertificateOrderRepository>;

/** What authorities were asked for, for as long as it counts against their limits. */
export function createCertificateOrderRepository(db: Database) {
  const since = (now: Date, windowMs: number): Date => new Date(now.getTime() - windowMs);

  return {
    /** Within each allowance's own window. Ask it while holding the turn to order, else two may see the same room. */
    async count(directory: string, name: string, now: Date): Promise<OrderCounts> {
      const orders = () => db.kysely.selectFrom('certificate_orders').where('directory', '=', directory);
      const account = await orders()
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('ordered_at', '>', since(now, BUDGET.account.windowMs))
        .executeTakeFirst();
      const failures = await orders()
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('hostname', '=', name)
        .where('outcome', '=', 'failed')
        .where('ordered_at', '>', since(now, BUDGET.failuresOfName.windowMs))
        .executeTakeFirst();
      const issued = await orders()
        .select(['hostname', ({ fn }) => fn.countAll<number>().as('count')])
        .where('registered_name', '=', registrableOf(name.replace(/^\*\./, '')))
        .where('outcome', '=', 'issued')
        .where('ordered_at', '>', since(now, BUDGET.issuedForName.windowMs))
        .groupBy('hostname')
        .execute();
      const own = Number(issued.find(({ hostname }) => hostname === name)?.count ?? 0);
      return {
        account: Number(account?.count ?? 0),
        failuresOfName: Number(failures?.count ?? 0),
        issuedForName: own,
        // Another certificate for a name that has one counts as its renewal.
        newBelowRegistered: own > 0 ? 0 : issued.length,
      };
    },

    /** Written before the authority is asked: a crash counts as an order. Returns what `end` takes. */
    async begin(directory: string, name: string, now: Date): Promise<number> {
      await db.kysely.deleteFrom('certificate_orders').where('ordered_at', '<', since(now, BUDGET_MEMORY_MS)).execute();
      const { insertId } = await db.kysely
        .insertInto('certificate_orders')
        .values({
          directory,
          hostname: name,
          registered_name: registrableOf(name.replace(/^\*\./, '')),
          outcome: 'asked',
          ordered_at: now,
        })
        .executeTakeFirstOrThrow();
      return Number(insertId);
    },

    async end(id: number, outcome: 'issued' | 'failed'): Promise<void> {
      await db.kysely.updateTable('certificate_orders').set({ outcome }).where('id', '=', id).execute();
    },
  };
}
