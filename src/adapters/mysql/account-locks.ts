import { ACCOUNT_GRACE_DAYS, DELETION_GRACE_DAYS } from '../../domain/changes.ts';
import { AppError, NotFoundError } from '../../domain/errors.ts';
import type { Origin } from '../../domain/origin.ts';
import { DAY } from '../../lib/time.ts';
import { revokeTokensOf } from './api-tokens.ts';
import { appendAudit } from './audit.ts';
import type { Database } from './open-database.ts';
import { requireAnotherOperator } from './operators.ts';
import { endSessionsOf } from './sessions.ts';
import { takeBackWebhooks } from './take-back-webhooks.ts';
import { inTransaction, type Tx } from './transactions.ts';

export type AccountLockRepository = ReturnType<typeof createAccountLockRepository>;

export interface AccountLockWish {
  readonly customerId: string;
  /** For the ledger and other operators; the account's owner reads it there, too. */
  readonly reason: string;
  readonly origin: Origin;
  readonly now: Date;
}

/** Accounts that operators let nobody into. Stores stay as they are: closing one is an act of its own. */
export function createAccountLockRepository(db: Database) {
  return {
    /**
     * Nobody signs in to the account from then on: its sessions end, its tokens are revoked and its webhooks are off in the
     * same transaction, and whoever is about to begin a session waits for it (`lockAsChecked`). Throws `not_found`,
     * `not_allowed_now` for one that is locked and for the last operator who can sign in.
     */
    lock: ({ customerId, reason, origin, now }: AccountLockWish): Promise<void> =>
      inTransaction(db, async (tx) => {
        await requireAnotherOperator(tx, customerId);
        if ((await lockedSince(tx, customerId)) !== null) {
          throw new AppError('not_allowed_now', `The account ${customerId} is locked already.`);
        }
        const state = { locked_at: now, lock_reason: reason };
        await tx.updateTable('customers').set(state).where('id', '=', customerId).execute();
        const endedSessions = await endSessionsOf(tx, customerId);
        const revokedTokens = await revokeTokensOf(tx, customerId);
        const webhooks = await takeBackWebhooks(tx, customerId, {});
        const details = { reason, endedSessions, revokedTokens, ...webhooks };
        await appendAudit(tx, { ...origin, action: 'account.locked', target: customerId, details, at: now });
      }),

    /** Its owner may sign in again; what was ended stays ended. Throws `not_found`, `not_allowed_now` for one that is not locked. */
    unlock: ({ customerId, reason, origin, now }: AccountLockWish): Promise<void> =>
      inTransaction(db, async (tx) => {
        const since = await lockedSince(tx, customerId);
        if (since === null) throw new AppError('not_allowed_now', `The account ${customerId} is not locked.`);
        const state = { locked_at: null, lock_reason: null };
        await tx.updateTable('customers').set(state).where('id', '=', customerId).execute();
        await giveTimeToUndo(tx, customerId, now);
        const details = { reason, since: since.toISOString() };
        await appendAudit(tx, { ...origin, action: 'account.unlocked', target: customerId, details, at: now });
      }),
  };
}

/**
 * Nobody could take back, while the account was locked, that it or a store of it is to go: what was due meanwhile, or is due
 * soon, has its days of grace once more.
 */
async function giveTimeToUndo(tx: Tx, customerId: string, now: Date): Promise<void> {
  const ofAccount = new Date(now.getTime() + ACCOUNT_GRACE_DAYS * DAY);
  await tx
    .updateTable('customers')
    .set({ deletion_at: ofAccount })
    .where('id', '=', customerId)
    .where('deletion_at', '<', ofAccount)
    .execute();
  const stores = tx.selectFrom('stores').select('id').where('customer_id', '=', customerId);
  const ofStores = new Date(now.getTime() + DELETION_GRACE_DAYS * DAY);
  await tx
    .updateTable('store_deletions')
    .set({ due_at: ofStores })
    .where('store_id', 'in', stores)
    .where('due_at', '<', ofStores)
    .execute();
}

/** Under the account's lock. Throws `not_found`. */
async function lockedSince(tx: Tx, customerId: string): Promise<Date | null> {
  const account = tx.selectFrom('customers').select('locked_at').where('id', '=', customerId);
  const row = await account.forUpdate().executeTakeFirst();
  if (row === undefined) throw new NotFoundError('customer', customerId);
  return row.locked_at;
}
