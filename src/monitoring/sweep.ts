/**
 * Finds runs that are due and that nobody works on, and takes them or rings for them: what a dead worker left, what was
 * accepted while Redis was away, what waited for its next attempt. Each worker sweeps; the lease decides who gets it.
 */
export function createSweep(deps: {
  due: (limit: number) => Promise<string[]>;
  take: (runId: string) => void;
}): () => Promise<void> {
  const MOST_AT_ONCE = 50;
  return async () => {
    for (const runId of await deps.due(MOST_AT_ONCE)) deps.take(runId);
  };
}
