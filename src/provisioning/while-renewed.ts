import { SECOND } from '../lib/time.ts';

/** Whoever makes a shop ahead is heard of at least this often, or it counts as forsaken. */
export const AHEAD_LEASE_MS = 30 * SECOND;
const RENEW_EVERY_MS = 5 * SECOND;

/** What whoever makes something goes by, that is nobody else's to make meanwhile. */
export interface Hold {
  /** Aborts when that is to be given up: all stops, it is somebody else's, or it soon counts as forsaken. */
  readonly signal: AbortSignal;
  /** To be asked before what cannot be taken back. Throws when it is ours no more. */
  confirm(): Promise<void>;
}

/**
 * Works on something, and lets its owner be heard of until that is done. `renew` says so for so many milliseconds, and
 * whether it is ours still. A database that is silent for a while is borne with, but not until others may take it for
 * forsaken; so is a process that stood still. Throws what the work throws.
 */
export async function whileRenewed<T>(
  { id, renew, stopping }: { id: string; renew: (leaseMs: number) => Promise<boolean>; stopping: AbortSignal },
  work: (hold: Hold) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const notOurs = (): Error => new Error(`${id} is not ours to make any more.`);
  let heardOfAt = performance.now();
  const timer = setInterval(() => {
    const askedAt = performance.now();
    // By the next look it could be somebody else's.
    if (askedAt + RENEW_EVERY_MS - heardOfAt >= AHEAD_LEASE_MS) {
      lost.abort(new Error(`Nobody could be told for too long that ${id} is ours to make.`));
      return;
    }
    renew(AHEAD_LEASE_MS).then(
      (isOurs) => {
        if (isOurs) heardOfAt = Math.max(heardOfAt, askedAt);
        else lost.abort(notOurs());
      },
      () => undefined,
    );
  }, RENEW_EVERY_MS);
  const signal = AbortSignal.any([stopping, lost.signal]);
  try {
    return await work({
      signal,
      async confirm() {
        signal.throwIfAborted();
        if (!(await renew(AHEAD_LEASE_MS))) throw notOurs();
      },
    });
  } finally {
    clearInterval(timer);
  }
}
