/**
 * Measures what each store takes on disk, one after the other. One that cannot be measured, or that is deleted meanwhile,
 * holds up no other. Throws the signal's reason once that aborts.
 */
export function createDiskRound(deps: {
  stores: () => Promise<readonly { readonly id: string }[]>;
  measure: (store: { readonly id: string }, signal: AbortSignal) => Promise<unknown>;
  onError: (storeId: string, thrown: unknown) => void;
  stopping: AbortSignal;
}): () => Promise<void> {
  return async () => {
    for (const store of await deps.stores()) {
      deps.stopping.throwIfAborted();
      await deps.measure(store, deps.stopping).catch((thrown: unknown) => deps.onError(store.id, thrown));
    }
  };
}
