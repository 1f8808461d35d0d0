import { pause } from '../lib/deadline.ts';

/**
 * Calls `act` again and again, `everyMs` after the last call ended, until the signal aborts. A throw is reported and
 * does not end it. Resolves when the last call has ended.
 */
export async function repeat(
  everyMs: number,
  signal: AbortSignal,
  act: () => Promise<void>,
  onError: (thrown: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    await act().catch((thrown: unknown) => {
      if (!signal.aborted) onError(thrown);
    });
    await pause(everyMs, signal).catch(() => undefined);
  }
}
