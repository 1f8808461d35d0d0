import type { Store } from '../domain/store.ts';

/**
 * Stops what runs of a store that is closed: a worker that was late, or an engine that started what it found. A store
 * that somebody works on is left to them: it may just be opening.
 */
export function createClosedStoreWatch(deps: {
  closedStores: () => Promise<readonly Store[]>;
  isLeased: (storeId: string) => Promise<boolean>;
  states: (store: Store) => Promise<Readonly<Record<string, string>>>;
  stop: (store: Store) => Promise<void>;
  log: (storeId: string) => void;
}): () => Promise<void> {
  return async () => {
    for (const store of await deps.closedStores()) {
      const states = Object.values(await deps.states(store));
      const isAtRest = states.every((state) => state === 'missing' || state === 'stopped');
      if (isAtRest || (await deps.isLeased(store.id))) continue;
      deps.log(store.id);
      await deps.stop(store);
    }
  };
}
