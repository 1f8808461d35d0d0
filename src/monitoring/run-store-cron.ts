import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import type { Store } from '../domain/store.ts';
import { MINUTE, SECOND } from '../lib/time.ts';

/**
 * Less than a minute: whatever a call came to, it is over before the store's next turn, which another worker may have.
 * A command that takes longer goes on in the shop, under a lock of its own.
 */
const CRON_WITHIN_MS = 50 * SECOND;
/** Calls mostly wait. As many shops may be frozen before the others have to. */
const CALLS_AT_ONCE = 16;

/** Where in its minute a store's turn comes: spread evenly by its id, the same one every minute. */
export function cronOffsetMs(storeId: string): number {
  return createHash('sha256').update(storeId).digest().readUInt32BE(0) % MINUTE;
}

/**
 * Lets every active shop do its scheduled work once a minute, each at its own moment. Each call of the result starts
 * the turns that have come since the last one and resolves without waiting for them: a shop that does not answer holds
 * up no other, and is left for its next minute. A call that still runs (or waits) at its shop's next turn is not doubled.
 */
export function createStoreCron(deps: {
  activeStores: () => Promise<Store[]>;
  /** True for at most one caller per store and minute, over all workers. */
  claimTurn: (storeId: string) => Promise<boolean>;
  call: (store: Store, signal: AbortSignal) => Promise<void>;
  now: () => number;
  /** Calls under way end with it. */
  stopping: AbortSignal;
  onError: (storeId: string, thrown: unknown) => void;
}): () => Promise<void> {
  const limit = pLimit(CALLS_AT_ONCE);
  const underWay = new Set<string>();
  let lookedUntil = deps.now();

  const takeTurn = async (store: Store): Promise<void> => {
    try {
      if (deps.stopping.aborted || !(await deps.claimTurn(store.id))) return;
      await deps.call(store, AbortSignal.any([deps.stopping, AbortSignal.timeout(CRON_WITHIN_MS)]));
    } catch (thrown) {
      if (!deps.stopping.aborted) deps.onError(store.id, thrown);
    } finally {
      underWay.delete(store.id);
    }
  };

  return async () => {
    const now = deps.now();
    const due = (await deps.activeStores()).filter((store) => isTurnBetween(cronOffsetMs(store.id), lookedUntil, now));
    lookedUntil = now;
    for (const store of due) {
      if (underWay.has(store.id)) continue;
      underWay.add(store.id);
      void limit(takeTurn, store);
    }
  };
}

/** Whether the moment `offset` of some minute lies in the half-open span. */
function isTurnBetween(offsetMs: number, fromMs: number, untilMs: number): boolean {
  const next = fromMs + ((((offsetMs - fromMs) % MINUTE) + MINUTE) % MINUTE);
  return next < untilMs;
}
