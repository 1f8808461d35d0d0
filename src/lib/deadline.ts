/** Rejects as soon as `signal` aborts, with its reason; otherwise resolves after `ms`. Leaves no timer behind. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

export interface ProbeOptions {
  readonly signal: AbortSignal;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

/** Asks again, with growing pauses, until the answer is not `undefined`. Ends only by an answer, a throw or the signal. */
export async function probeUntil<T>(ask: () => Promise<T | undefined>, options: ProbeOptions): Promise<T> {
  let delayMs = options.firstDelayMs;
  for (;;) {
    options.signal.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined) return answer;
    await pause(delayMs, options.signal);
    delayMs = Math.min(delayMs * 2, options.maxDelayMs);
  }
}
