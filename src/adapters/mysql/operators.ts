import { AppError, NotFoundError } from '../../domain/errors.ts';
import type { Origin } from '../../domain/origin.ts';
import { revokeTokensOf } from './api-tokens.ts';
import { appendAudit } from './audit.ts';
import type { Database } from './open-database.ts';
import { endSessionsOf } from './sessions.ts';
import { inTransaction, type Tx } from './transactions.ts';

export type OperatorRepository = ReturnType<typeof createOperatorRepository>;

/** Who runs the place. */
export function createOperatorRepository(db: Database) {
  return {
    /**
     * An operator is an ordinary customer from then on: signed out everywhere, with no token left, and acting as nobody.
     * Throws `not_found` for an account that is none or no operator's, `not_allowed_now` for the last one.
     */
    remove: ({ customerId, origin, now }: { customerId: string; origin: Origin; now: Date }): Promise<void> =>
      inTransaction(db, async (tx) => {
        if (!(await requireAnotherOperator(tx, customerId))) throw new NotFoundError('operator', customerId);
        await tx.updateTable('customers').set({ role: 'customer' }).where('id', '=', customerId).execute();
        const endedSessions = await endSessionsOf(tx, customerId);
        const revokedTokens = await revokeTokensOf(tx, customerId);
        const details = { endedSessions, revokedTokens };
        await appendAudit(tx, { ...origin, action: 'admin.removed', target: customerId, details, at: now });
      }),
  };
}

/**
 * Is the account an operator's? Then another one must be left who can sign in; else throws `not_allowed_now`. All of them
 * are held until the transaction ends, so that two who shut each other out cannot both succeed.
 */
export async function requireAnotherOperator(tx: Tx, customerId: string): Promise<boolean> {
  const operators = await tx
    .selectFrom('customers')
    .select(['id', 'locked_at'])
    .where('role', '=', 'operator')
    .orderBy('id')
    .forUpdate()
    .execute();
  if (operators.every(({ id }) => id !== customerId)) return false;
  if (!operators.some(({ id, locked_at: since }) => id !== customerId && since === null)) {
    throw new AppError('not_allowed_now', 'This is the last operator.', {
      hint: 'Make another one first: shopctl admin create --email EMAIL',
    });
  }
  return true;
}
