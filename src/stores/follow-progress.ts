import type { RunEvent } from '../adapters/mysql/runs.ts';
import type { StepName } from '../domain/run.ts';
import { pause } from '../lib/deadline.ts';
import { MILLISECOND } from '../lib/time.ts';
import type { ProgressEvent } from '../web/services.ts';

/** Short enough that a person sees each step begin; one small query each, however many watch. */
const LOOK_EVERY_MS = 200 * MILLISECOND;
const AT_ONCE = 200;
/** After so many looks it is asked anew whether a run is under way: a store can vanish without a word. */
const LOOKS_WITHOUT_NEWS = 25;

export interface ProgressDeps {
  /** Events of one store after that id, in order. */
  readonly events: (storeId: string, afterId: number, limit: number) => Promise<readonly RunEvent[]>;
  /** The newest event id of each of these stores; a store without events, or that is gone, is absent. */
  readonly newestEventIds: (storeIds: readonly string[]) => Promise<ReadonlyMap<string, number>>;
  /** Is a run of the store queued or under way? */
  readonly isUnderWay: (storeId: string) => Promise<boolean>;
  /** What customers of the store's platform read while a step happens. */
  readonly titlesOf: (storeId: string) => Promise<(step: StepName) => string>;
  readonly lookEveryMs?: number;
}

/**
 * Tells stores' stories while they happen. The journal in MySQL is what is told; nothing else has to be up, and whoever
 * comes back with the last id he has seen misses nothing.
 */
export function createProgressFollower(deps: ProgressDeps) {
  const watch = createWatch(deps);
  return async function* follow(storeId: string, afterId: number, signal: AbortSignal): AsyncGenerator<ProgressEvent> {
    let cursor = afterId;
    const titleOf = await deps.titlesOf(storeId);
    while (!signal.aborted) {
      // Asked before the events are: a run that ends between the two has its last event read in this round.
      const isUnderWay = await deps.isUnderWay(storeId);
      const events = await deps.events(storeId, cursor, AT_ONCE);
      for (const event of events) {
        cursor = event.id;
        yield present(event, titleOf);
      }
      if (events.length === AT_ONCE) continue;
      if (!isUnderWay) return;
      await watch.untilChanged(storeId, cursor, signal);
    }
  };
}

function present({ id, runId, step, kind, at }: RunEvent, titleOf: (step: StepName) => string): ProgressEvent {
  return { id, runId, step, title: step === null ? null : titleOf(step), kind, at: at.toISOString() };
}

interface Waiter {
  /** The last event it has told. */
  readonly seen: number;
  readonly wake: () => void;
  looksLeft: number;
}

/** One look for all who wait. Looks only while somebody waits; a database that is away is asked again. */
function createWatch({ newestEventIds, lookEveryMs = LOOK_EVERY_MS }: ProgressDeps) {
  const waiting = new Map<string, Set<Waiter>>();
  let looking = false;

  async function look(): Promise<void> {
    looking = true;
    while (waiting.size > 0) {
      await pause(lookEveryMs);
      const ids = [...waiting.keys()];
      const found = await newestEventIds(ids).catch(() => undefined);
      if (found === undefined) continue;
      for (const id of ids) {
        for (const waiter of waiting.get(id) ?? []) {
          waiter.looksLeft -= 1;
          if ((found.get(id) ?? 0) > waiter.seen || waiter.looksLeft === 0) waiter.wake();
        }
      }
    }
    looking = false;
  }

  return {
    /** Resolves when there is an event newer than `seen`, or after a while, or when the signal aborts. */
    untilChanged(storeId: string, seen: number, signal: AbortSignal): Promise<void> {
      if (signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const waiters = waiting.get(storeId) ?? new Set();
        const wake = (): void => {
          waiters.delete(waiter);
          if (waiters.size === 0) waiting.delete(storeId);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const waiter: Waiter = { seen, wake, looksLeft: LOOKS_WITHOUT_NEWS };
        waiters.add(waiter);
        waiting.set(storeId, waiters);
        signal.addEventListener('abort', wake, { once: true });
        if (!looking) void look();
      });
    },
  };
}
