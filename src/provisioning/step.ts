import type { Lease, Run, StepName } from '../domain/run.ts';
import type { Store } from '../domain/store.ts';

/** What a step is handed besides the store. */
export interface StepContext {
  /** Aborts at the step's deadline, when the lease is lost and when the worker stops. */
  readonly signal: AbortSignal;
  /**
   * Whatever a step writes to MySQL carries the lease, and is refused once its fence is old. Docker and nginx cannot
   * check it; there, names derived from the store's id make a late effect harmless.
   */
  readonly lease: Lease;
  /** What is being walked: of which kind it is, and what was asked for with it. */
  readonly run: Run;
  /** A line for the journal's log of this step. Never a secret. */
  readonly log: (line: string) => void;
}

/** How often, and after how long, a failed step is tried again before its run fails. */
export interface RetryPolicy {
  readonly attempts: number;
  /** Waits `backoffMs`, then twice that, and so on. */
  readonly backoffMs: number;
}

/** One thing that must be true before a store is live, or before a change of it is done. */
export interface Step {
  /** Stable: a key in the journal and in the API. */
  readonly name: StepName;
  /** What the customer reads while it happens. */
  readonly title: string;
  /** One attempt may take this long; then it is aborted and counts as `step_timed_out`. */
  readonly deadlineMs: number;
  readonly retry: RetryPolicy;
  /** Makes it so, whether or not it already is. May run any number of times, and after any crash. */
  ensure(store: Store, context: StepContext): Promise<void>;
  /** Makes it not so, even if `ensure` never ran or stopped half-way. Removes only what is ours. */
  undo?(store: Store, context: StepContext): Promise<void>;
}
