import type { Store } from '../domain/store.ts';

export interface TakenStoresDeps {
  readonly stores: () => Promise<readonly Store[]>;
  /** Does nothing where the mark is there, or no folder. */
  readonly mark: (store: Store) => Promise<void>;
  readonly onError: (storeId: string, thrown: unknown) => void;
}

/**
 * Marks the folders of stores that were made when there was no such mark yet: those that were open once. What is still
 * being made is marked by its own run, when it has been looked at. Goes through all of them once, and again only after a
 * failure.
 */
export function createTakenStoresMarking({ stores, mark, onError }: TakenStoresDeps): () => Promise<void> {
  let isDone = false;
  return async () => {
    if (isDone) return;
    let failed = 0;
    for (const store of await stores()) {
      if (store.activeAt === null || store.status === 'deleting') continue;
      await mark(store).catch((thrown: unknown) => {
        failed += 1;
        onError(store.id, thrown);
      });
    }
    isDone = failed === 0;
  };
}
