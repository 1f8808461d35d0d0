import type { NewStore } from '../../domain/new-store.ts';
import { lockPools, type Pools } from './allocate.ts';
import { insertStore } from './create-store.ts';
import type { Database } from './open-database.ts';
import { refuseAnother } from './sign-ups.ts';
import { inTransaction } from './transactions.ts';

/** Another store for somebody who is known already. */
export function createStoreOrderRepository(db: Database) {
  return {
    /**
     * As `StoreRepository.create`. The same `requestKey` (SHA-256, in hex) again is the same store, without a run to ring
     * for. Throws `email_unverified` for a second one, `not_allowed_now` for an account that is to go, and what that throws.
     */
    accept: (
      store: NewStore,
      pools: Pools,
      requestKey: string | null,
    ): Promise<{ readonly storeId: string; readonly runId: string | null }> =>
      inTransaction(db, async (tx) => {
        await lockPools(tx);
        if (requestKey !== null) {
          const made = tx.selectFrom('stores').select('id').where('request_key', '=', requestKey);
          const known = await made.where('customer_id', '=', store.customerId).executeTakeFirst();
          if (known !== undefined) return { storeId: known.id, runId: null };
        }
        await refuseAnother(tx, store.customerId);
        return insertStore(tx, store, pools, requestKey);
      }),
  };
}
