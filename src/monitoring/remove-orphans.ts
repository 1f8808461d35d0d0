/**
 * Removes containers and networks that carry our instance's label and belong to no store: what a paused worker made
 * after its lease was taken over and the store deleted. Looked at twice before anything goes, so that a store whose
 * row is only just being written is never mistaken for one. Only for a database that this machine knows: in a strange one
 * every store looks like this (know-database.ts).
 */
export function createOrphanRemoval(deps: {
  knownToEngine: () => Promise<Set<string>>;
  exists: (storeId: string) => Promise<boolean>;
  remove: (storeId: string) => Promise<void>;
  log: (storeId: string) => void;
}): () => Promise<void> {
  let suspects = new Set<string>();
  return async () => {
    const orphans = new Set<string>();
    for (const storeId of await deps.knownToEngine()) {
      if (!(await deps.exists(storeId))) orphans.add(storeId);
    }
    for (const storeId of orphans) {
      if (!suspects.has(storeId)) continue;
      deps.log(storeId);
      await deps.remove(storeId);
      orphans.delete(storeId);
    }
    suspects = orphans;
  };
}
