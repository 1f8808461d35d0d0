import { AppError, LeaseLostError, toAppError } from '../domain/errors.ts';
import type { ChangeKind, Lease, Run, StepName } from '../domain/run.ts';
import type { Store, StoreError } from '../domain/store.ts';
import { toStoreError } from '../domain/store-error.ts';
import { pause } from '../lib/deadline.ts';
import type { Step, StepContext } from './step.ts';

/** Where a walk writes down how far it came. Every write carries the lease and throws `LeaseLostError` once it is old. */
export interface Journal {
  stepStarted(lease: Lease, step: StepName): Promise<void>;
  /** With `next`, that one has started: as one, since a store that was made ahead walks faster than a disk writes. */
  stepDone(lease: Lease, step: StepName, logTail: string | null, next?: StepName): Promise<void>;
  stepFailed(
    lease: Lease,
    step: StepName,
    error: StoreError,
    logTail: string | null,
    outcome: { willRetry: boolean },
  ): Promise<void>;
  stepUndone(lease: Lease, step: StepName): Promise<void>;
}

export interface Walk {
  readonly run: Run;
  readonly lease: Lease;
  /** Aborts when the lease is lost or the worker stops; the walk then ends without a verdict and is resumed later. */
  readonly signal: AbortSignal;
  /** The store as the database has it now; asked again before every step, since steps hand each other nothing. */
  readonly loadStore: () => Promise<Store>;
}

export interface Runner {
  /** Forward; skips what the journal says is done. First run, retry, and resume after a crash. */
  provision(walk: Walk): Promise<void>;
  /** Forward; skips nothing: trusts the world over the journal. */
  repair(walk: Walk): Promise<void>;
  /** Backward; skips nothing and stops at the first refusal, since an earlier thing may be what a later one stands on. */
  teardown(walk: Walk): Promise<void>;
  /** Forward over the steps of the run's own kind; skips nothing: while it waited, others may have been at the store. */
  change(walk: Walk & { readonly kind: ChangeKind }): Promise<void>;
}

/** A step gave up: its retries are used up, or its error is one that time does not heal. The journal has it already. */
export class StepFailedError extends AppError {
  readonly step: StepName;
  constructor(step: StepName, cause: AppError) {
    super(cause.code, cause.message, {
      cause,
      retryable: cause.retryable,
      ...(cause.hint === undefined ? {} : { hint: cause.hint }),
      ...(cause.logTail === undefined ? {} : { logTail: cause.logTail }),
    });
    this.step = step;
  }
}

const LOG_TAIL_LINES = 60;

type Act = (store: Store, context: StepContext) => Promise<void>;

export interface RunnerDeps {
  /** The steps of a store's making. */
  readonly steps: readonly Step[];
  readonly changes: Readonly<Record<ChangeKind, readonly Step[]>>;
  readonly journal: Journal;
  readonly now: () => Date;
}

/** The walks over lists of steps. Knows order, deadlines, retries and the journal; knows nothing of Docker. */
export function createRunner(deps: RunnerDeps): Runner {
  const { steps, changes } = deps;
  return {
    async provision(walk) {
      const done = new Set(walk.run.steps.filter((record) => record.status === 'done').map((record) => record.name));
      await ensureAll(
        deps,
        steps.filter((step) => !done.has(step.name)),
        walk,
      );
    },
    repair: (walk) => ensureAll(deps, steps, walk),
    async teardown(walk) {
      for (const step of steps.toReversed()) await undoStep(deps, step, walk);
    },
    change: ({ kind, ...walk }) => ensureAll(deps, changes[kind], walk),
  };
}

async function ensureAll(deps: RunnerDeps, steps: readonly Step[], walk: Walk): Promise<void> {
  for (const [index, step] of steps.entries()) {
    const ensure: Act = (store, context) => step.ensure(store, context);
    const tail = await attempt(deps, step, walk, ensure, { isStarted: index > 0 });
    await deps.journal.stepDone(walk.lease, step.name, tail, steps[index + 1]?.name);
  }
}

async function undoStep(deps: RunnerDeps, step: Step, walk: Walk): Promise<void> {
  await attempt(deps, step, walk, async (store, context) => step.undo?.(store, context), { isStarted: false });
  await deps.journal.stepUndone(walk.lease, step.name);
}

/** Tries until it works, the policy is used up, or the error says that trying again is pointless. Returns the log's tail. */
async function attempt(
  { journal, now }: RunnerDeps,
  step: Step,
  walk: Walk,
  act: Act,
  { isStarted }: { readonly isStarted: boolean },
): Promise<string | null> {
  for (let count = 1; ; count += 1) {
    walk.signal.throwIfAborted();
    if (count > 1 || !isStarted) await journal.stepStarted(walk.lease, step.name);
    const lines: string[] = [];
    try {
      await withDeadline(step, walk, lines, act);
      return tailOf(lines);
    } catch (thrown) {
      if (thrown instanceof LeaseLostError) throw thrown;
      if (walk.signal.aborted) throw walk.signal.reason;
      const error = toAppError(thrown);
      if (error.logTail !== undefined) lines.push(...error.logTail.split('\n'));
      const willRetry = error.retryable && count < step.retry.attempts;
      const told = toStoreError(error, step.name, now());
      await journal.stepFailed(walk.lease, step.name, told, tailOf(lines), { willRetry });
      if (!willRetry) throw new StepFailedError(step.name, error);
    }
    await pause(step.retry.backoffMs * 2 ** (count - 1), walk.signal);
  }
}

async function withDeadline(step: Step, walk: Walk, lines: string[], act: Act): Promise<void> {
  const deadline = AbortSignal.timeout(step.deadlineMs);
  const signal = AbortSignal.any([walk.signal, deadline]);
  const log = (line: string): void => {
    lines.push(line);
    if (lines.length > LOG_TAIL_LINES) lines.shift();
  };
  const store = await walk.loadStore();
  try {
    await orAborted(act(store, { signal, lease: walk.lease, run: walk.run, log }), signal);
  } catch (thrown) {
    if (!deadline.aborted || walk.signal.aborted) throw thrown;
    const cause = toAppError(thrown);
    throw new AppError('step_timed_out', `${step.name} was not done within ${step.deadlineMs / 1000} s.`, {
      cause: thrown,
      retryable: true,
      hint: 'It is tried again; if it stays slow, look at the load of this machine: shopctl doctor',
      ...(cause.logTail === undefined ? {} : { logTail: cause.logTail }),
    });
  }
}

/** A step that does not listen to its signal still ends on time; whatever it does later meets its own idempotence. */
function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function tailOf(lines: readonly string[]): string | null {
  return lines.length === 0 ? null : lines.slice(-LOG_TAIL_LINES).join('\n');
}
