import { probeUntil } from '../../src/lib/deadline.ts';
import { MINUTE, SECOND } from '../../src/lib/time.ts';

const SHOWN_OF_A_QUESTION = 200;

export interface UntilOptions {
  /** In the words of an error; the source of `ask` when it is not said. */
  readonly what?: string;
  readonly withinMs: number;
  readonly firstDelayMs?: number;
  /** Asked ever more slowly, at most that far apart. */
  readonly everyMs: number;
}

/** Notes what was seen last: told when the wait is in vain. */
export type See = (seen: unknown) => void;

/** The first answer that is one; asked ever more slowly, at most `everyMs` apart. See `untilAnswer` for when there is none. */
export const until = <T>(ask: (see: See) => Promise<T | undefined>, withinMs = 2 * MINUTE, everyMs = 250): Promise<T> =>
  untilAnswer(ask, { withinMs, everyMs }, until);

/**
 * As `until`, in other words. When no answer comes in time, even because `ask` itself hangs, throws an error that says what
 * was waited for, how long, and what was seen last; its stack begins at the caller of `above`. What `ask` throws is thrown.
 */
export async function untilAnswer<T>(
  ask: (see: See) => Promise<T | undefined>,
  { what = sourceOf(ask), withinMs, everyMs, firstDelayMs = Math.min(2, everyMs) }: UntilOptions,
  above: (...args: never[]) => unknown = untilAnswer,
): Promise<T> {
  const inVain = new Error();
  // Now: once the time is over nobody who called is on the stack any more.
  Error.captureStackTrace(inVain, above);
  const signal = AbortSignal.timeout(withinMs);
  let looks = 0;
  let isLooking = false;
  let seen: unknown;
  const look = async (): Promise<T | undefined> => {
    looks += 1;
    isLooking = true;
    const answer = await ask((now) => (seen = now));
    isLooking = false;
    return answer;
  };
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  try {
    return await Promise.race([probeUntil(look, { signal, firstDelayMs, maxDelayMs: everyMs }), late]);
  } catch (thrown) {
    if (thrown !== signal.reason) throw thrown;
    const last = isLooking ? `look ${looks} has not ended` : `${looks} looks`;
    const message = `Waited ${withinMs / SECOND} s in vain for: ${what}\n(${last}) Last seen: ${shown(seen)}`;
    inVain.message = message;
    inVain.stack = `Error: ${message}\n${(inVain.stack ?? '').replace(/^Error\n?/, '')}`;
    inVain.cause = thrown;
    throw inVain;
  }
}

const sourceOf = (ask: unknown): string => String(ask).replaceAll(/\s+/g, ' ').slice(0, SHOWN_OF_A_QUESTION);

function shown(seen: unknown): string {
  if (seen === undefined) return 'nothing that was noted';
  return typeof seen === 'string' ? seen : JSON.stringify(seen, undefined, 1);
}
