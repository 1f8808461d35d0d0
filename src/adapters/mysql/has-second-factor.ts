import type { ExpressionBuilder } from 'kysely';
import type { Schema } from './schema.ts';

/** For a query that selects from accounts: `has_second_factor`, 1 where the account has an authenticator app or a passkey. */
export function hasSecondFactor(eb: ExpressionBuilder<Schema, 'customers'>) {
  const totp = eb.selectFrom('totp_factors').select('totp_factors.customer_id');
  const passkeys = eb.selectFrom('passkeys').select('passkeys.customer_id');
  return eb
    .or([
      eb.exists(totp.whereRef('totp_factors.customer_id', '=', 'customers.id')),
      eb.exists(passkeys.whereRef('passkeys.customer_id', '=', 'customers.id')),
    ])
    .as('has_second_factor');
}
