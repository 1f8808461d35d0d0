import type { Queries } from './transactions.ts';

/**
 * Takes second factors of an account away, all or those made at `since` or later, with the recovery codes of that time; of
 * an account that has no factor left every code goes. Returns how many factors went. The caller holds the account's row.
 */
export async function removeFactors(queries: Queries, customerId: string, since = new Date(0)): Promise<number> {
  let removed = 0;
  let isOneLeft = false;
  for (const table of ['totp_factors', 'passkeys'] as const) {
    const { numDeletedRows } = await queries
      .deleteFrom(table)
      .where('customer_id', '=', customerId)
      .where('created_at', '>=', since)
      .executeTakeFirst();
    removed += Number(numDeletedRows);
    const left = queries.selectFrom(table).select('customer_id').where('customer_id', '=', customerId).limit(1);
    isOneLeft ||= (await left.executeTakeFirst()) !== undefined;
  }
  const codes = queries.deleteFrom('recovery_codes').where('customer_id', '=', customerId);
  await (isOneLeft ? codes.where('created_at', '>=', since) : codes).execute();
  return removed;
}
