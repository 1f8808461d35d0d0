import type { StoreView } from '../../src/stores/present-store.ts';

/** Milliseconds of each step of the store's run, by its name. */
export function stepTimes({ run }: StoreView): Record<string, number> {
  return Object.fromEntries((run?.steps ?? []).map(({ name, elapsedMs }) => [name, elapsedMs ?? 0]));
}
