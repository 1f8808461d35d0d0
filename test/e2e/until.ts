import { probeUntil } from '../../src/lib/deadline.ts';
import { MINUTE } from '../../src/lib/time.ts';

/** The first answer that is one; asked ever more slowly, at most `everyMs` apart. */
export const until = <T>(ask: () => Promise<T | undefined>, withinMs = 2 * MINUTE, everyMs = 250): Promise<T> =>
  probeUntil(ask, { signal: AbortSignal.timeout(withinMs), firstDelayMs: Math.min(2, everyMs), maxDelayMs: everyMs });
