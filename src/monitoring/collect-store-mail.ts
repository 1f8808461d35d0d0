import { STORE_MAIL } from '../domain/outbox.ts';
import type { Store } from '../domain/store.ts';

/** Carries what shops have written from their spool folders into the outbox; a mail leaves the folder only when it is safe. */
export function createStoreMailCollector(deps: {
  activeStores: () => Promise<Store[]>;
  spool: {
    take(store: Store): Promise<readonly { id: string; raw: Buffer }[]>;
    remove(store: Store, id: string): Promise<void>;
  };
  enqueue: (mail: { uniqueKey: string; storeId: string; kind: string; raw: Buffer }) => Promise<void>;
}): () => Promise<void> {
  return async () => {
    for (const store of await deps.activeStores()) {
      for (const { id, raw } of await deps.spool.take(store)) {
        await deps.enqueue({ uniqueKey: `${store.id}:${id}`, storeId: store.id, kind: STORE_MAIL, raw });
        await deps.spool.remove(store, id);
      }
    }
  };
}
