import type { Store } from '../domain/store.ts';
import type { Step } from './step.ts';

/** True where the store's folder is marked as this order's, false where it is not marked. Throws where it is another's. */
export type IsOwn = (store: Store) => Promise<boolean>;

/**
 * The same steps, none of which does or undoes anything for a store whose folder is marked as another order's: what is
 * named by its id is that one's, and this row is of a database that knows nothing of it.
 */
export function keepToOwnFolders(steps: readonly Step[], isOwn: IsOwn): readonly Step[] {
  return steps.map((step) => ({
    ...step,
    async ensure(store, context) {
      await isOwn(store);
      await step.ensure(store, context);
    },
    async undo(store, context) {
      await isOwn(store);
      await step.undo?.(store, context);
    },
  }));
}
