import type { Store } from '../../domain/store.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { Stack } from '../../stacks/stack.ts';
import type { Step } from '../step.ts';
import { STEP_TITLES } from '../step-titles.ts';

/** The store's folders on disk; everything below them belongs to the store's own UID. */
export interface StoreDirectories {
  /** Makes the folder, its data folders and the symlink for people, and puts owners and modes right. */
  ensure(store: Store, dataFolders: readonly string[]): Promise<void>;
  /** Removes all of it, and the customer's folder once it is empty. Nothing outside the root is ever touched. */
  remove(store: Store): Promise<void>;
}

/** What was made of the store before it had an owner. */
export interface TakenOver {
  /**
   * If that is not as it was made, nothing is left of it afterwards. Does nothing for any other store, and none once it is
   * marked. Throws `store_out_of_bounds` where it is marked as another order's.
   */
  dropIfChanged(store: Store, signal: AbortSignal, log: (line: string) => void): Promise<void>;
  /** From now on whatever database comes back, the store's folder says whose it is. Throws as above. */
  mark(store: Store): Promise<void>;
}

export function createDirectory(deps: {
  takenOver: TakenOver;
  directories: StoreDirectories;
  stackOf: (store: Store) => Stack;
}): Step {
  return {
    name: 'create-directory',
    title: STEP_TITLES['create-directory'],
    deadlineMs: 2 * MINUTE,
    retry: { attempts: 3, backoffMs: SECOND },
    async ensure(store, { run, signal, log }) {
      // Only here: later steps write to it, and a shop that was open once has its owner's data.
      if (run.kind === 'provision') await deps.takenOver.dropIfChanged(store, signal, log);
      // Before anything is written that makes it look otherwise than when it waited.
      await deps.takenOver.mark(store);
      await deps.directories.ensure(store, deps.stackOf(store).dataFolders);
    },
    undo: (store) => deps.directories.remove(store),
  };
}
