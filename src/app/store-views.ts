import type { Repositories } from '../adapters/mysql/index.ts';
import { NotFoundError } from '../domain/errors.ts';
import type { Store } from '../domain/store.ts';
import { shareReads } from '../lib/share-reads.ts';
import type { StoreView } from '../stores/present-store.ts';
import { tellingKinds } from '../stores/telling-run.ts';
import type { ownersPresenterOf } from './store-facts.ts';

/** A customer's own stores, as they see them; of nobody else's is anything told. */
export function createStoreViews({
  stores,
  runs,
  present,
}: Pick<Repositories, 'stores' | 'runs'> & { readonly present: ReturnType<typeof ownersPresenterOf> }) {
  const viewOf = async (store: Store): Promise<StoreView> =>
    present(store, await runs.latest(store.id, tellingKinds(store.status)));

  /** Throws `not_found` for another customer's store as for one that there is not. */
  async function ofCustomer(customerId: string, storeId: string): Promise<Store> {
    const store = await stores.find({ id: storeId, customerId });
    if (store === undefined) throw new NotFoundError('store', storeId);
    return store;
  }

  /** Newest first. */
  async function list(customerId: string, limit?: number): Promise<StoreView[]> {
    const found = await stores.list({ customerId, ...(limit === undefined ? {} : { limit }) });
    return Promise.all(found.map(viewOf));
  }

  // Programs and pages ask for these all the time, many at once for one customer; whose it is belongs to the key.
  const shared = shareReads(async (key) => viewOf(await ofCustomer(...(JSON.parse(key) as [string, string]))));
  return {
    ofCustomer,
    list,
    /** The newest of all; `undefined` while there is none. */
    newest: shareReads(async (customerId) => (await list(customerId, 1))[0]),
    /** One of them. Throws `not_found`. */
    view: (customerId: string, storeId: string): Promise<StoreView> => shared(JSON.stringify([customerId, storeId])),
  };
}
