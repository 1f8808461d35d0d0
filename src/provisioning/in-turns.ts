import pLimit from 'p-limit';
import { pause } from '../lib/deadline.ts';
import { SECOND } from '../lib/time.ts';
import type { Step } from './step.ts';

/** Whoever takes longer may hang: the next one begins beside it. */
const LONGEST_TURN_MS = 15 * SECOND;

/**
 * The same step, of which only so many are worked on at once where it makes something: bringing up several shops side by
 * side takes as long as one after the other once the processors are busy, and whoever visits a running shop waits for all
 * of them. A step that hangs holds up the next for fifteen seconds, not longer. `isHeavy` tells what has to wait; the rest
 * goes ahead at once. Nothing waits longer than its signal.
 */
export function inTurns(
  { atOnce, longestMs = LONGEST_TURN_MS }: { readonly atOnce: number; readonly longestMs?: number },
  isHeavy: (...[store, context]: Parameters<Step['ensure']>) => Promise<boolean>,
): (step: Step) => Step {
  const limit = pLimit(atOnce);

  /** Resolves with the work; the turn is over by then, or sooner when the work takes too long. */
  const inTurn = (work: () => Promise<void>, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      void limit(async () => {
        if (signal.aborted) return reject(signal.reason as Error);
        const isOver = new AbortController();
        const done = work()
          .then(resolve, reject)
          .finally(() => isOver.abort());
        await Promise.race([done, pause(longestMs, isOver.signal).catch(() => undefined)]);
      });
    });

  return (step) => ({
    ...step,
    async ensure(store, context) {
      if (!(await isHeavy(store, context))) return step.ensure(store, context);
      await inTurn(() => step.ensure(store, context), context.signal);
    },
  });
}
