import { createHash } from 'node:crypto';
import type { Store } from '../domain/store.ts';
import { MINUTE, SECOND } from '../lib/time.ts';

const CRON_WITHIN_MS = 30 * SECOND;

/** Where in its minute a store's turn comes: spread evenly by its id, the same one every minute. */
export function cronOffsetMs(storeId: string): number {
  return createHash('sha256').update(storeId).digest().readUInt32BE(0) % MINUTE;
}

/**
 * Lets every active shop do its scheduled work once a minute, each at its own moment, through its web server rather
 * than a command of its own: a fraction of the CPU. A shop that does not answer is left for its next minute.
 */
export function createStoreCron(deps: {
  activeStores: () => Promise<Store[]>;
  /** True for at most one caller per store and minute, over all workers. */
  claimTurn: (storeId: string) => Promise<boolean>;
  call: (store: Store, signal: AbortSignal) => Promise<void>;
  now: () => number;
  onError: (storeId: string, thrown: unknown) => void;
}): () => Promise<void> {
  let lookedUntil = deps.now();
  return async () => {
    const from = lookedUntil;
    lookedUntil = deps.now();
    const due = (await deps.activeStores()).filter((store) => isTurnBetween(cronOffsetMs(store.id), from, lookedUntil));
    for (const store of due) {
      if (!(await deps.claimTurn(store.id))) continue;
      await deps
        .call(store, AbortSignal.timeout(CRON_WITHIN_MS))
        .catch((thrown: unknown) => deps.onError(store.id, thrown));
    }
  };
}

/** Whether the moment `offset` of some minute lies in the half-open span. */
function isTurnBetween(offsetMs: number, fromMs: number, untilMs: number): boolean {
  const next = fromMs + ((((offsetMs - fromMs) % MINUTE) + MINUTE) % MINUTE);
  return next < untilMs;
}
