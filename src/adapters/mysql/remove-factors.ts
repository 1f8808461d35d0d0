import type { Queries } from './transactions.ts';

/** Takes all away that an account asks for besides its password, as part of whatever else is written. False when there was nothing. */
export async function removeFactors(queries: Queries, customerId: string): Promise<boolean> {
  let removed = 0n;
  for (const table of ['totp_factors', 'passkeys', 'recovery_codes'] as const) {
    const { numDeletedRows } = await queries.deleteFrom(table).where('customer_id', '=', customerId).executeTakeFirst();
    removed += numDeletedRows;
  }
  return removed > 0n;
}
