import type { ServiceLooks } from '../domain/service-looks.ts';
import type { Store } from '../domain/store.ts';

/**
 * Stops what runs of a store that is closed: a worker that was late, or an engine that started what it found. A store
 * that somebody works on is left to them: it may just be opening. One that cannot be looked at or stopped holds up no
 * other; the next round tries it again.
 */
export function createClosedStoreWatch(deps: {
  closedStores: () => Promise<readonly Store[]>;
  look: (store: Store) => Promise<ServiceLooks>;
  /** Asked right before the stop: many a store has been looked at since the list was read, and this one may be open by now. */
  mayStop: (storeId: string) => Promise<boolean>;
  stop: (store: Store) => Promise<void>;
  log: (storeId: string) => void;
  onError: (storeId: string, thrown: unknown) => void;
}): () => Promise<void> {
  async function keepStill(store: Store): Promise<void> {
    const looks = Object.values(await deps.look(store));
    const isAtRest = looks.every(({ state }) => state === 'missing' || state === 'stopped');
    if (isAtRest || !(await deps.mayStop(store.id))) return;
    deps.log(store.id);
    await deps.stop(store);
  }

  return async () => {
    for (const store of await deps.closedStores()) {
      await keepStill(store).catch((thrown: unknown) => deps.onError(store.id, thrown));
    }
  };
}
