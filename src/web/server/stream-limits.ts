import { TooManyTriesError } from '../../domain/errors.ts';
import { SECOND } from '../../lib/time.ts';

/** A person with that many tabs on progress pages watches none of them. */
const PER_CUSTOMER = 8;
/** Each holds a connection of the edge, which serves the shops too. */
const ALTOGETHER = 1000;
const COME_BACK_AFTER_MS = 30 * SECOND;

/** Counts open streams of one process, so that nobody can hold all lines of the edge. */
export function createStreamLimits({ perCustomer = PER_CUSTOMER, altogether = ALTOGETHER } = {}) {
  const open = new Map<string, number>();
  let all = 0;
  return {
    /** Takes a place and returns how to give it back. Throws `too_many_tries` when there is none. */
    take(customerId: string): () => void {
      const theirs = open.get(customerId) ?? 0;
      if (theirs >= perCustomer || all >= altogether) {
        throw new TooManyTriesError('streams that are open', COME_BACK_AFTER_MS);
      }
      open.set(customerId, theirs + 1);
      all += 1;
      let isGivenBack = false;
      return () => {
        if (isGivenBack) return;
        isGivenBack = true;
        all -= 1;
        const left = (open.get(customerId) ?? 1) - 1;
        if (left === 0) open.delete(customerId);
        else open.set(customerId, left);
      };
    },
  };
}

export type StreamLimits = ReturnType<typeof createStreamLimits>;
