import { AppError } from '../domain/errors.ts';
import { assertOwnIds, assertWithinBounds, type StoreBounds } from '../domain/store-bounds.ts';
import type { Step } from './step.ts';

/**
 * The same steps, none of which acts on a row that no store may have: rows are also written by a process that strangers
 * talk to. Nothing is undone unless the store's deletion was requested, and then its ids have to be ones that we make.
 */
export function keepWithinBounds(steps: readonly Step[], bounds: StoreBounds): readonly Step[] {
  return steps.map((step) => ({
    ...step,
    async ensure(store, context) {
      assertWithinBounds(store, bounds);
      await step.ensure(store, context);
    },
    async undo(store, context) {
      assertOwnIds(store);
      if (store.status !== 'deleting') {
        throw new AppError('not_allowed_now', `A store that is ${store.status} is not taken down.`, {
          hint: `To delete it: shopctl store delete ${store.id}`,
        });
      }
      await step.undo?.(store, context);
    },
  }));
}
