import { AppError } from '../../domain/errors.ts';
import type { FactorUse } from '../../domain/second-factor.ts';
import type { Queries } from './transactions.ts';

/**
 * Uses a proof up, as part of what it allows: of any number at once that show the same one, one gets on. Throws
 * `wrong_code` or `passkey_refused` for all others.
 */
export async function useFactor(queries: Queries, customerId: string, use: FactorUse, now: Date): Promise<void> {
  if (!(await isUsedNow(queries, customerId, use, now))) {
    throw use.kind === 'passkey'
      ? new AppError('passkey_refused', `The counter of ${use.id} is not where it was.`)
      : new AppError('wrong_code', `A code of ${customerId} was used already, or is none.`);
  }
}

async function isUsedNow(queries: Queries, customerId: string, use: FactorUse, now: Date): Promise<boolean> {
  switch (use.kind) {
    case 'totp': {
      const { numUpdatedRows } = await queries
        .updateTable('totp_factors')
        .set({ last_step: use.step })
        .where('customer_id', '=', customerId)
        .where('last_step', '<', use.step)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    }
    case 'recovery': {
      const { numUpdatedRows } = await queries
        .updateTable('recovery_codes')
        .set({ used_at: now })
        .where('customer_id', '=', customerId)
        .where('code_hash', '=', use.codeHash)
        .where('used_at', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    }
    case 'passkey': {
      // An authenticator that counts nothing always says zero; its challenge was single-use already.
      const { numUpdatedRows } = await queries
        .updateTable('passkeys')
        .set({ counter: use.newCounter, used_at: now })
        .where('id', '=', use.id)
        .where('customer_id', '=', customerId)
        .where('counter', '=', use.counter)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    }
  }
}
