import type { RunOutcome } from '../provisioning/perform-run.ts';

export interface Intake {
  /** Takes the run unless this worker has it already or has its hands full (then the sweep comes back to it). */
  take(runId: string): Promise<void>;
  /** Runs in hand. */
  readonly size: number;
  /** Takes nothing more; resolves when what is in hand has parked or ended. */
  drain(): Promise<void>;
}

/**
 * Where bells and the sweep meet: at most `concurrency` runs at a time, each once. Refusing is safe, because a run
 * that nobody holds stays due in MySQL.
 */
export function createIntake(deps: {
  concurrency: number;
  perform: (runId: string) => Promise<RunOutcome>;
  onError: (runId: string, thrown: unknown) => void;
}): Intake {
  const inHand = new Map<string, Promise<void>>();
  let closed = false;
  return {
    take(runId) {
      const known = inHand.get(runId);
      if (known) return known;
      if (closed || inHand.size >= deps.concurrency) return Promise.resolve();
      const work = deps
        .perform(runId)
        .then(() => undefined)
        .catch((thrown: unknown) => deps.onError(runId, thrown))
        .finally(() => inHand.delete(runId));
      inHand.set(runId, work);
      return work;
    },
    get size() {
      return inHand.size;
    },
    async drain() {
      closed = true;
      await Promise.all(inHand.values());
    },
  };
}
