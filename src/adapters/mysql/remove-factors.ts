import type { Queries } from './transactions.ts';

const FACTORS = ['totp_factors', 'passkeys'] as const;

/** Takes all away that an account asks for besides its password, as part of whatever else is written. False when there was nothing. */
export async function removeFactors(queries: Queries, customerId: string): Promise<boolean> {
  let removed = 0n;
  for (const table of [...FACTORS, 'recovery_codes'] as const) {
    const { numDeletedRows } = await queries.deleteFrom(table).where('customer_id', '=', customerId).executeTakeFirst();
    removed += numDeletedRows;
  }
  return removed > 0n;
}

/** As `removeFactors`, for what was added or made at `since` or later; without any factor left, recovery codes of before go too. */
export async function removeFactorsSince(queries: Queries, customerId: string, since: Date): Promise<boolean> {
  let removed = 0n;
  for (const table of FACTORS) {
    const theirs = queries.deleteFrom(table).where('customer_id', '=', customerId);
    removed += (await theirs.where('created_at', '>=', since).executeTakeFirst()).numDeletedRows;
  }
  await removeCodesSince(queries, customerId, since);
  return removed > 0n;
}

/**
 * One that was added at `since` goes, with every recovery code made then or later: whoever added it may have made them.
 * False when the factor was not there any more.
 */
export async function removeAddedFactor(
  queries: Queries,
  { customerId, factor, since }: { readonly customerId: string; readonly factor: string; readonly since: Date },
): Promise<boolean> {
  const removed =
    factor === 'totp'
      ? // Set up anew it is another one.
        queries.deleteFrom('totp_factors').where('customer_id', '=', customerId).where('created_at', '=', since)
      : queries.deleteFrom('passkeys').where('customer_id', '=', customerId).where('id', '=', factor);
  const { numDeletedRows } = await removed.executeTakeFirst();
  await removeCodesSince(queries, customerId, since);
  return numDeletedRows > 0n;
}

/** Recovery codes stand in for a factor: where none is left, all of them go. */
async function removeCodesSince(queries: Queries, customerId: string, since: Date): Promise<void> {
  let isLeft = false;
  for (const table of FACTORS) {
    // Looked at as it is now, not as it was when the transaction began.
    const theirs = queries.selectFrom(table).select('customer_id').where('customer_id', '=', customerId).limit(1);
    isLeft ||= (await theirs.forUpdate().executeTakeFirst()) !== undefined;
  }
  const codes = queries.deleteFrom('recovery_codes').where('customer_id', '=', customerId);
  await (isLeft ? codes.where('created_at', '>=', since) : codes).execute();
}
