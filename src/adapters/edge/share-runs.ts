/**
 * Lets callers share the runs of something level-triggered: a call that comes while a run is under way joins the one
 * after it, which begins when everything the caller did before is visible. Never two runs at once. A caller that aborts
 * stops waiting; the run itself is aborted when nobody waits for it any more.
 */
export function shareRuns<Result>(
  run: (signal: AbortSignal) => Promise<Result>,
): (signal: AbortSignal) => Promise<Result> {
  let current: Promise<unknown> = Promise.resolve();
  let next: Shared<Result> | undefined;

  function queue(): Shared<Result> {
    const controller = new AbortController();
    const begin = async (): Promise<Result> => {
      // From here on a call may have seen a world that this run has not: it gets a run of its own.
      if (next?.controller === controller) next = undefined;
      controller.signal.throwIfAborted();
      return await run(controller.signal);
    };
    const result = current.then(begin, begin);
    // Whoever waits gets the error from `result`; this copy only keeps the order.
    current = result.catch(() => undefined);
    return { result, controller, waiting: 0 };
  }

  return async (signal) => {
    signal.throwIfAborted();
    const shared = (next ??= queue());
    shared.waiting += 1;
    try {
      return await abortable(shared.result, signal);
    } finally {
      shared.waiting -= 1;
      if (shared.waiting === 0) {
        if (next === shared) next = undefined;
        shared.controller.abort(new DOMException('Nobody waits for this any more.', 'AbortError'));
      }
    }
  };
}

interface Shared<Result> {
  readonly result: Promise<Result>;
  readonly controller: AbortController;
  waiting: number;
}

async function abortable<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    stop = () => signal.removeEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    stop?.();
  }
}
