import type { Repositories } from '../adapters/mysql/index.ts';
import type { AskedStore } from '../adapters/mysql/shown-stores.ts';
import { NotFoundError } from '../domain/errors.ts';
import type { RunKind } from '../domain/run.ts';
import type { ShownStore, Store } from '../domain/store.ts';
import { readTogether } from '../lib/read-together.ts';
import type { StoreView } from '../stores/present-store.ts';
import { tellingKinds } from '../stores/telling-run.ts';
import type { ownersPresenterOf } from './store-facts.ts';

/** A customer's own stores, as they see them; of nobody else's is anything told. */
export function createStoreViews({
  stores,
  shownStores,
  present,
}: Pick<Repositories, 'stores' | 'shownStores'> & { readonly present: ReturnType<typeof ownersPresenterOf> }) {
  /** Throws `not_found` for another customer's store as for one that there is not. */
  async function ofCustomer(customerId: string, storeId: string): Promise<Store> {
    const store = await stores.find({ id: storeId, customerId });
    if (store === undefined) throw new NotFoundError('store', storeId);
    return store;
  }

  /** The view of any of these stores. */
  async function viewsOf(shown: Iterable<ShownStore>): Promise<(store: ShownStore) => StoreView> {
    const idsByKinds = new Map<readonly RunKind[], string[]>();
    for (const { id, status } of shown) {
      const kinds = tellingKinds(status);
      idsByKinds.set(kinds, [...(idsByKinds.get(kinds) ?? []), id]);
    }
    const runs = await Promise.all([...idsByKinds].map(([kinds, ids]) => shownStores.runsOf(ids, kinds)));
    return (store) => present(store, runs.find((found) => found.has(store.id))?.get(store.id));
  }

  /** Newest first. */
  async function list(customerId: string): Promise<StoreView[]> {
    const found = await stores.list({ customerId });
    return found.map(await viewsOf(found));
  }

  // Programs and pages ask for these all the time, many at once; whose a store is belongs to what is asked for.
  const viewOf = readTogether(async (keys: readonly string[]) => {
    const found = await shownStores.find(keys.map(askedIn));
    const view = await viewsOf(found.values());
    return (key): StoreView => {
      const { id, customerId } = askedIn(key);
      const store = found.get(id);
      if (store?.customerId !== customerId) throw new NotFoundError('store', id);
      return view(store);
    };
  });
  return {
    ofCustomer,
    list,
    /** The newest of all; `undefined` while there is none. */
    newest: readTogether(async (customerIds: readonly string[]) => {
      const found = await shownStores.newestOf(customerIds);
      const view = await viewsOf(found.values());
      return (customerId): StoreView | undefined => {
        const store = found.get(customerId);
        return store && view(store);
      };
    }),
    /** One of them. Throws `not_found`. */
    view: (customerId: string, id: string): Promise<StoreView> => viewOf(JSON.stringify({ id, customerId })),
  };
}

const askedIn = (key: string): AskedStore => JSON.parse(key) as AskedStore;
