import { SECOND } from '../lib/time.ts';

/** A shop that says so without end has its pages emptied no more often than that. */
export const EMPTIED_AT_MOST_EVERY_MS = SECOND;
/** Of the calls; each of these looks at shops that are watched, too: a file system may lose what it should have told. */
export const ALL_LOOKED_AT_EVERY = 12;

export interface PageChangeDeps {
  /** Stores of which the edge keeps pages. */
  readonly cachedStores: () => Promise<readonly string[]>;
  readonly signals: {
    latest(storeId: string): Promise<string | undefined>;
    next(storeId: string, onChange: () => void): Promise<(() => void) | undefined>;
  };
  readonly keptPages: {
    answered(storeId: string): Promise<string | undefined>;
    empty(storeId: string, signal: string): Promise<void>;
  };
  /** Calls back after this time; the worker may end before. */
  readonly after: (delayMs: number, act: () => void) => void;
  readonly stopping: AbortSignal;
  readonly onError: (storeId: string, thrown: unknown) => void;
}

/**
 * Empties the kept pages of shops that say that something changed. The file system tells within milliseconds. Called now
 * and then it looks at shops that nobody watches yet, that cannot be watched, or whose pages could not be emptied, and every
 * so many calls at all: what is not told is found. What a shop said while nobody looked is found by what the last emptying
 * noted. Several workers may do this at once.
 */
export function createPageChangeFollower(deps: PageChangeDeps): () => Promise<void> {
  const { signals, keptPages, stopping } = deps;
  /** What ends the watch, by store; `resting` for one that has just been looked at. */
  const watched = new Map<string, (() => void) | 'resting'>();
  stopping.addEventListener('abort', () => {
    for (const storeId of [...watched.keys()]) leave(storeId);
  });

  let calls = 0;

  return async () => {
    const isForAll = calls % ALL_LOOKED_AT_EVERY === 0;
    calls += 1;
    const cached = new Set(await deps.cachedStores());
    for (const storeId of [...watched.keys()]) if (!cached.has(storeId)) leave(storeId);
    for (const storeId of cached) {
      if (stopping.aborted) return;
      const watch = watched.get(storeId);
      if (watch === undefined || (isForAll && watch !== 'resting')) await lookAt(storeId);
    }
  };

  /** First the watch, then the look: what is said between the two is noticed. */
  async function lookAt(storeId: string): Promise<void> {
    try {
      if (!watched.has(storeId)) await watchFor(storeId);
      const signal = await signals.latest(storeId);
      if (signal !== undefined && signal !== (await keptPages.answered(storeId)))
        await keptPages.empty(storeId, signal);
    } catch (thrown) {
      // The next call looks again.
      leave(storeId);
      deps.onError(storeId, thrown);
    }
  }

  async function watchFor(storeId: string): Promise<void> {
    const end = await signals.next(storeId, () => {
      watched.set(storeId, 'resting');
      void lookAt(storeId);
      deps.after(EMPTIED_AT_MOST_EVERY_MS, () => {
        if (watched.get(storeId) !== 'resting') return;
        watched.delete(storeId);
        if (!stopping.aborted) void lookAt(storeId);
      });
    });
    if (end === undefined) return;
    if (stopping.aborted) end();
    else watched.set(storeId, end);
  }

  function leave(storeId: string): void {
    const end = watched.get(storeId);
    if (typeof end === 'function') end();
    watched.delete(storeId);
  }
}
