const AT_ONCE = 20;

/** Hands stores whose days of grace are over to a teardown, each by itself: one that cannot be holds up no other. */
export function createDueDeletions(deps: {
  due: (limit: number) => Promise<readonly string[]>;
  /** `undefined` when its owner keeps the store after all. */
  requestTeardown: (storeId: string) => Promise<string | undefined>;
  ring: (runId: string) => Promise<unknown>;
  log: (storeId: string) => void;
}): () => Promise<void> {
  return async () => {
    const outcomes = await Promise.allSettled(
      (await deps.due(AT_ONCE)).map(async (storeId) => {
        const runId = await deps.requestTeardown(storeId);
        if (runId === undefined) return;
        deps.log(storeId);
        await deps.ring(runId);
      }),
    );
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  };
}
