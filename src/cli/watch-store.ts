import { AppError } from '../domain/errors.ts';
import { pause } from '../lib/deadline.ts';
import { MILLISECOND } from '../lib/time.ts';
import type { StoreView } from '../stores/present-store.ts';
import type { CliActions } from './actions.ts';
import { elapsed } from './readable.ts';

/** Short enough that a person sees each step begin; one small read each. */
const POLL_EVERY_MS = 200 * MILLISECOND;

/** `changed`: the run that `from` shows has come to its end. */
export type Goal = 'active' | 'repaired' | 'changed' | 'gone';
export type Outcome = 'reached' | 'failed' | 'timed-out' | 'detached';

export interface Watch {
  readonly findStore: CliActions['findStore'];
  /** The store as it was when the work was asked for: an older failure must not count as this one's. */
  readonly from: StoreView;
  readonly goal: Goal;
  readonly timeoutMs: number;
  /** Aborting detaches; the work goes on without us. */
  readonly interrupt: AbortSignal;
  readonly onProgress: (line: string) => void;
}

/** Looks until the store is as wished, has failed, time is up or somebody interrupts. Ends nothing but the looking. */
export async function watchStore(watch: Watch): Promise<{ outcome: Outcome; store: StoreView | undefined }> {
  const startedAt = performance.now();
  const timeout = AbortSignal.timeout(watch.timeoutMs);
  const signal = AbortSignal.any([watch.interrupt, timeout]);
  const told = new Map<string, string>();
  let store: StoreView | undefined = watch.from;
  // A change is told by its own run: others, like a repair, may come after it while we look.
  const ownRun = watch.goal === 'changed' ? watch.from.run?.id : undefined;
  for (;;) {
    try {
      store = await watch.findStore(watch.from.id, ownRun);
      if (store !== undefined)
        tellSteps(store, watch.goal, told, (line) =>
          watch.onProgress(`[${elapsed(performance.now() - startedAt).padStart(8)}] ${line}`),
        );
      const outcome = outcomeOf(store, watch);
      if (outcome !== undefined) return { outcome, store };
      await pause(POLL_EVERY_MS, signal);
    } catch (thrown) {
      if (watch.interrupt.aborted) return { outcome: 'detached', store };
      if (timeout.aborted) return { outcome: 'timed-out', store };
      // A database that restarts is no reason to stop looking: the work goes on, and so do we.
      if (!(thrown instanceof AppError && thrown.retryable)) throw thrown;
      await pause(POLL_EVERY_MS);
    }
  }
}

function outcomeOf(store: StoreView | undefined, { goal, from }: Watch): Outcome | undefined {
  if (store === undefined) return goal === 'gone' ? 'reached' : 'failed';
  const hasNewError = store.error !== null && store.error.at !== from.error?.at;
  if (goal === 'gone') return hasNewError && store.status === 'deleting' ? 'failed' : undefined;
  if (goal === 'changed') return changeOutcome(store);
  if (goal === 'repaired') {
    if (hasNewError) return 'failed';
    return store.run?.status === 'done' ? 'reached' : undefined;
  }
  if (store.status === 'active') return 'reached';
  if (store.status === 'failed' && (from.status !== 'failed' || hasNewError)) return 'failed';
  return store.status === 'deleting' ? 'failed' : undefined;
}

function changeOutcome({ run }: StoreView): Outcome | undefined {
  if (run?.status === 'done') return 'reached';
  return run?.status === 'failed' ? 'failed' : undefined;
}

/** One line per change, also for steps so short that we never saw them running. */
function tellSteps(store: StoreView, goal: Goal, told: Map<string, string>, tell: (line: string) => void): void {
  const steps = store.run?.steps ?? [];
  const inOrder = goal === 'gone' ? [...steps.entries()].toReversed() : steps.entries();
  for (const [at, { name, title, status, elapsedMs }] of inOrder) {
    const key = `${store.run?.id}/${store.run?.attempt}/${name}`;
    if (told.get(key) === status) continue;
    told.set(key, status);
    const place = `${String(at + 1).padStart(2)}/${steps.length} ${title}`;
    if (status === 'running') tell(`… ${place}`);
    if (status === 'done') tell(`✔ ${place} (${elapsed(elapsedMs ?? 0)})`);
    const error = store.run?.error ?? store.error;
    if (status === 'failed') tell(`✘ ${place}${error === null ? '' : `: ${error.message}`}`);
  }
}
