import { AppError } from '../../domain/errors.ts';
import { type Origin, originIn, SYSTEM } from '../../domain/origin.ts';
import { newId } from '../../lib/new-id.ts';
import { revokeTokensOf } from './api-tokens.ts';
import { appendAudit } from './audit.ts';
import { closeLateStores, closeWithAccount, keepWithAccount } from './leaving-stores.ts';
import { revokeLinksOf, revokeOneTimeTokens } from './one-time-tokens.ts';
import type { Database } from './open-database.ts';
import { insertMail } from './outbox.ts';
import { endSessionsOf } from './sessions.ts';
import { inTransaction } from './transactions.ts';

export type AccountEndRepository = ReturnType<typeof createAccountEndRepository>;

export interface AccountEndRequest extends Origin {
  readonly customerId: string;
  readonly mail: { readonly recipient: string; readonly kind: string; readonly payload: unknown };
  readonly now: Date;
}

/** Accounts that are to go, and that go. */
export function createAccountEndRepository(db: Database) {
  return {
    /**
     * The account goes at `deletionAt` unless its owner undoes it; everybody is signed out, and its stores close now.
     * Returns the runs that close them. Throws `not_allowed_now` when it is to go already.
     */
    schedule: ({ customerId, mail, now, deletionAt, ...origin }: AccountEndRequest & { deletionAt: Date }) =>
      inTransaction(db, async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable('customers')
          .set({ deletion_at: deletionAt })
          .where('id', '=', customerId)
          .where('deletion_at', 'is', null)
          .executeTakeFirst();
        if (numUpdatedRows !== 1n) throw new AppError('not_allowed_now', `${customerId} is to go already.`);
        await endSessionsOf(tx, customerId);
        await revokeTokensOf(tx, customerId);
        await revokeLinksOf(tx, customerId);
        const details = { deletionAt: deletionAt.toISOString() };
        const line = { ...originIn(origin), action: 'account.deletion_scheduled', target: customerId, details };
        await appendAudit(tx, { ...line, at: now });
        await insertMail(tx, { ...mail, uniqueKey: `${mail.kind}:${newId('msg')}`, storeId: null, now });
        return closeWithAccount(tx, { ...originIn(origin), customerId, deletionAt, now });
      }),

    /**
     * The account stays, and the stores that were closed with it open again as they were. Returns the runs that do it.
     * Throws `not_allowed_now` when it was not to go, or its time has come.
     */
    undo: ({ customerId, mail, now, ...origin }: AccountEndRequest): Promise<string[]> =>
      inTransaction(db, async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable('customers')
          .set({ deletion_at: null })
          .where('id', '=', customerId)
          // From then on its stores are being taken down.
          .where('deletion_at', '>', now)
          .executeTakeFirst();
        if (numUpdatedRows !== 1n)
          throw new AppError('not_allowed_now', `${customerId} was not to go, or goes already.`);
        const line = { ...originIn(origin), action: 'account.deletion_undone', target: customerId, details: {} };
        await appendAudit(tx, { ...line, at: now });
        await insertMail(tx, { ...mail, uniqueKey: `${mail.kind}:${newId('msg')}`, storeId: null, now });
        return keepWithAccount(tx, { ...originIn(origin), customerId, now });
      }),

    /** Closes stores of accounts that are to go which were still being made when that was asked for; returns the runs. */
    closeLateStores: (now: Date): Promise<string[]> => closeLateStores(db, now),

    /** Accounts whose time has come and that nobody has locked, with the stores that they still have. */
    async due(now: Date): Promise<{ customerId: string; storeIds: string[] }[]> {
      const rows = await db.kysely
        .selectFrom('customers')
        .leftJoin('stores', 'stores.customer_id', 'customers.id')
        .select(['customers.id', 'stores.id as store_id'])
        .where('deletion_at', '<=', now)
        // Who asked for the end of a locked account is what is to be found out.
        .where('locked_at', 'is', null)
        .orderBy('deletion_at')
        .orderBy('customers.id')
        .execute();
      const byCustomer = new Map<string, string[]>();
      for (const { id, store_id: storeId } of rows) {
        byCustomer.set(id, [...(byCustomer.get(id) ?? []), ...(storeId === null ? [] : [storeId])]);
      }
      return [...byCustomer].map(([customerId, storeIds]) => ({ customerId, storeIds }));
    },

    /**
     * The account, its sessions and what was mailed to it are gone; its last mail is queued. False, and nothing happens,
     * when its owner has undone it meanwhile, it is locked, or a store of it is still there.
     */
    remove: (customerId: string, now: Date): Promise<boolean> =>
      inTransaction(db, async (tx) => {
        const account = await tx
          .selectFrom('customers')
          .select('email')
          .where('id', '=', customerId)
          .where('deletion_at', '<=', now)
          .where('locked_at', 'is', null)
          .forUpdate()
          .executeTakeFirst();
        const store = await tx
          .selectFrom('stores')
          .select('id')
          .where('customer_id', '=', customerId)
          .executeTakeFirst();
        if (account === undefined || store !== undefined) return false;
        const { email } = account;
        await revokeOneTimeTokens(tx, customerId);
        await tx.deleteFrom('customers').where('id', '=', customerId).execute();
        const other = await tx.selectFrom('customers').select('id').where('email', '=', email).executeTakeFirst();
        if (other === undefined) await tx.deleteFrom('outbox').where('recipient', '=', email).execute();
        await appendAudit(tx, { ...SYSTEM, action: 'account.deleted', target: customerId, details: {}, at: now });
        const uniqueKey = `account-deleted:${customerId}`;
        await insertMail(tx, {
          uniqueKey,
          storeId: null,
          recipient: email,
          kind: 'account-deleted',
          payload: { email },
          now,
        });
        return true;
      }),
  };
}
