import { DAY } from '../../lib/time.ts';
import type { Tx } from './transactions.ts';

/** Only this customer may have these names for a while. */
export async function quarantine(tx: Tx, hostnames: readonly string[], customerId: string, now: Date): Promise<void> {
  for (const hostname of hostnames) {
    const row = { customer_id: customerId, released_at: now };
    await tx
      .insertInto('released_domains')
      .values({ hostname, ...row })
      .onDuplicateKeyUpdate(row)
      .execute();
  }
}

/** Until when this customer may not have the name, since another one gave it up; `undefined` where they may. */
export async function quarantinedUntil(
  tx: Tx,
  { hostname, customerId, days, now }: { hostname: string; customerId: string; days: number; now: Date },
): Promise<Date | undefined> {
  const released = await tx
    .selectFrom('released_domains')
    .select(['customer_id', 'released_at'])
    .where('hostname', '=', hostname)
    .executeTakeFirst();
  if (released === undefined || released.customer_id === customerId) return undefined;
  const until = new Date(released.released_at.getTime() + days * DAY);
  return until <= now ? undefined : until;
}

/** Everybody may have the name again. */
export async function liftQuarantine(tx: Tx, hostname: string): Promise<void> {
  await tx.deleteFrom('released_domains').where('hostname', '=', hostname).execute();
}
