import { STORE_MAIL } from '../domain/outbox.ts';
import type { Store } from '../domain/store.ts';
import type { MailRoom } from '../domain/store-mail.ts';

export interface StoreMailCollectorDeps {
  readonly activeStores: () => Promise<Store[]>;
  readonly spool: {
    take(store: Store): AsyncIterable<{ readonly id: string; readonly raw: Buffer }>;
    remove(store: Store, id: string): Promise<void>;
  };
  /** How much more of the store's mail may wait in the outbox. */
  readonly roomOf: (storeId: string) => Promise<MailRoom>;
  readonly onError: (storeId: string, thrown: unknown) => void;
  readonly enqueue: (mail: { uniqueKey: string; storeId: string; kind: string; raw: Buffer }) => Promise<void>;
}

/**
 * Carries what shops have written from their spool folders into the outbox; a mail leaves the folder only when it is safe.
 * Where as much waits as may, it stays in the folder: a shop that writes without end fills its own disk, not ours. One whose
 * folder cannot be read, or that is deleted meanwhile, holds up no other.
 */
export function createStoreMailCollector(deps: StoreMailCollectorDeps): () => Promise<void> {
  async function collectFrom(store: Store): Promise<void> {
    // Of a shop that has written nothing nobody asks.
    let room: MailRoom | undefined;
    for await (const { id, raw } of deps.spool.take(store)) {
      room ??= await deps.roomOf(store.id);
      if (room.mails < 1 || room.bytes < raw.length) return;
      await deps.enqueue({ uniqueKey: `${store.id}:${id}`, storeId: store.id, kind: STORE_MAIL, raw });
      await deps.spool.remove(store, id);
      room = { mails: room.mails - 1, bytes: room.bytes - raw.length };
    }
  }

  return async () => {
    for (const store of await deps.activeStores()) {
      await collectFrom(store).catch((thrown: unknown) => deps.onError(store.id, thrown));
    }
  };
}
