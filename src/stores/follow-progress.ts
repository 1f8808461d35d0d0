import type { RunEvent } from '../adapters/mysql/runs.ts';
import type { StepName } from '../domain/run.ts';
import { pause } from '../lib/deadline.ts';
import { MILLISECOND } from '../lib/time.ts';
import type { ProgressEvent } from '../web/services.ts';

/** Short enough that a person sees each step begin; one small query each, however many watch. */
const LOOK_EVERY_MS = 200 * MILLISECOND;
const AT_ONCE = 200;

export interface ProgressDeps {
  /** Events of one store after that id, in order. */
  readonly events: (storeId: string, afterId: number, limit: number) => Promise<readonly RunEvent[]>;
  /** The newest event id of each of these stores; a store without events, or that is gone, is absent. */
  readonly newestEventIds: (storeIds: readonly string[]) => Promise<ReadonlyMap<string, number>>;
  /** Is a run of the store queued or under way? */
  readonly isUnderWay: (storeId: string) => Promise<boolean>;
  readonly titleOf: (step: StepName) => string;
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
    while (!signal.aborted) {
      const seen = watch.seenOf(storeId);
      // Asked before the events are: a run that ends between the two has its last event read in this round.
      const isUnderWay = await deps.isUnderWay(storeId);
      const events = await deps.events(storeId, cursor, AT_ONCE);
      for (const event of events) {
        cursor = event.id;
        yield present(event, deps.titleOf);
      }
      if (events.length === AT_ONCE) continue;
      if (!isUnderWay) return;
      await watch.untilChanged(storeId, Math.max(seen, cursor), signal);
    }
  };
}

function present({ id, runId, step, kind, at }: RunEvent, titleOf: (step: StepName) => string): ProgressEvent {
  return { id, runId, step, title: step === null ? null : titleOf(step), kind, at: at.toISOString() };
}

/** One look for all who wait. Looks only while somebody waits; a database that is away is asked again. */
function createWatch({ newestEventIds, lookEveryMs = LOOK_EVERY_MS }: ProgressDeps) {
  const waiting = new Map<string, Set<() => void>>();
  const newest = new Map<string, number>();
  let looking = false;

  async function look(): Promise<void> {
    looking = true;
    while (waiting.size > 0) {
      await pause(lookEveryMs);
      const ids = [...waiting.keys()];
      const found = await newestEventIds(ids).catch(() => undefined);
      if (found === undefined) continue;
      for (const id of ids) {
        if (found.get(id) === newest.get(id)) continue;
        const now = found.get(id);
        if (now === undefined) newest.delete(id);
        else newest.set(id, now);
        for (const wake of waiting.get(id) ?? []) wake();
      }
    }
    newest.clear();
    looking = false;
  }

  return {
    seenOf: (storeId: string): number => newest.get(storeId) ?? 0,
    /** Resolves when the store has an event newer than `seen`, or none at all any more, or when the signal aborts. */
    untilChanged(storeId: string, seen: number, signal: AbortSignal): Promise<void> {
      if ((newest.get(storeId) ?? 0) > seen || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const wakers = waiting.get(storeId) ?? new Set();
        const wake = (): void => {
          wakers.delete(wake);
          if (wakers.size === 0) waiting.delete(storeId);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        wakers.add(wake);
        waiting.set(storeId, wakers);
        signal.addEventListener('abort', wake, { once: true });
        if (!looking) void look();
      });
    },
  };
}
