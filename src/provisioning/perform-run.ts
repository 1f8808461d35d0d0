import { LeaseLostError, toAppError } from '../domain/errors.ts';
import { isChange, type Lease, MOST_WALKS, type Run } from '../domain/run.ts';
import type { Store, StoreError } from '../domain/store.ts';
import { toStoreError } from '../domain/store-error.ts';
import { pause } from '../lib/deadline.ts';
import { MINUTE, SECOND } from '../lib/time.ts';
import { type Runner, StepFailedError, type Walk } from './runner.ts';

/** How long a lease lives without a sign of its owner; after that anybody may take the store over. */
export const LEASE_MS = 15 * SECOND;
const RENEW_EVERY_MS = 3 * SECOND;
const CHANGE_RETRY_MS = 15 * SECOND;
const TEARDOWN_RETRY_MS = 5 * SECOND;
const TEARDOWN_RETRY_MAX_MS = 5 * MINUTE;

export interface RunPerformerDeps {
  readonly owner: string;
  readonly leases: {
    claim(request: { runId: string; owner: string; leaseMs: number }): Promise<Lease | undefined>;
    renew(lease: Lease, leaseMs: number): Promise<boolean>;
    release(lease: Lease, next?: { nextAttemptAt: Date }): Promise<void>;
  };
  readonly runs: {
    get(runId: string): Promise<Run>;
    /** Of the walks of this run that have ended with a step that failed. */
    countFailures(runId: string): Promise<number>;
  };
  readonly stores: {
    get(id: string): Promise<Store>;
    beginProvisioning(lease: Lease): Promise<void>;
    fail(lease: Lease, error: StoreError): Promise<void>;
    remove(lease: Lease): Promise<void>;
  };
  readonly journal: { runDone(lease: Lease): Promise<void>; runFailed(lease: Lease, error: StoreError): Promise<void> };
  readonly runner: Runner;
  /** Queues the mail that tells its owner of a failure; once per run and attempt, however often it is asked. */
  readonly tellOwner: (lease: Lease, failure: { store: Store; run: Run; error: StoreError }) => Promise<void>;
  /** What a shop answered before is shown to nobody any more; asked for whenever a run has worked on it, unless it made it. */
  readonly emptyPages: (storeId: string) => Promise<void>;
  /** Tells visitors how the store stands, unless its route is live already: an open door is never closed again. */
  readonly announce: (lease: Lease, store: Store, state: 'making' | 'failed') => Promise<void>;
  /**
   * Begun with a store's making, beside its steps: the step that needs the certificate finds it, or asks for itself. Never
   * throws, and ends when the signal aborts, which it does once the walk is over.
   */
  readonly orderCertificate: (store: Store, signal: AbortSignal) => Promise<void>;
  readonly now: () => Date;
  readonly log: {
    info(facts: object, message: string): void;
    warn(facts: object, message: string): void;
  };
}

/** `busy`: somebody else works on the store. `parked`: ended without a verdict; a later worker resumes. */
export type RunOutcome = 'done' | 'failed' | 'busy' | 'parked';

/** What a walk came to, and what becomes of its lease: given back, at once or for later, or gone with the store. */
interface Verdict {
  readonly outcome: RunOutcome;
  readonly lease: 'free' | 'gone' | { readonly nextAttemptAt: Date };
}

/**
 * Takes one run as far as it goes: claims the store, keeps the lease alive, walks, writes the verdict, lets go.
 * A crash anywhere leaves a lease that dies by itself and a journal that says where to go on.
 */
export function createRunPerformer(
  deps: RunPerformerDeps,
): (runId: string, signal: AbortSignal) => Promise<RunOutcome> {
  return async (runId, stopping) => {
    const lease = await deps.leases.claim({ runId, owner: deps.owner, leaseMs: LEASE_MS });
    if (lease === undefined) return 'busy';
    const keeper = keepAlive(deps, lease, stopping);
    const verdict = await walkAndJudge(deps, lease, keeper.signal).catch((thrown: unknown): Verdict => {
      const error = toAppError(thrown);
      deps.log.warn({ runId, storeId: lease.storeId, code: error.code, reason: error.message }, 'Run parked');
      return { outcome: 'parked', lease: 'free' };
    });
    keeper.stop();
    await letGo(deps, lease, verdict.lease);
    return verdict.outcome;
  };
}

async function walkAndJudge(deps: RunPerformerDeps, lease: Lease, signal: AbortSignal): Promise<Verdict> {
  const run = await deps.runs.get(lease.runId);
  const loadStore = (): Promise<Store> => deps.stores.get(lease.storeId);
  const walk = { run, lease, signal, loadStore };
  const facts = { runId: run.id, storeId: run.storeId, kind: run.kind, attempt: run.attempt, fence: lease.fence };
  deps.log.info(facts, 'Run started');
  try {
    await take(deps, walk);
    deps.log.info(facts, 'Run done');
    return { outcome: 'done', lease: run.kind === 'teardown' ? 'gone' : 'free' };
  } catch (thrown) {
    if (!(thrown instanceof StepFailedError)) throw thrown;
    deps.log.warn({ ...facts, step: thrown.step, code: thrown.code, reason: thrown.message }, 'Run failed');
    // What a teardown has left to be removed is not made anew.
    if (run.kind !== 'teardown') {
      // A disk that is full, which may be why it failed, must not keep the failure from being told.
      await deps.emptyPages(run.storeId).catch((reason: unknown) => {
        deps.log.warn({ ...facts, reason: toAppError(reason).message }, 'Kept pages not emptied');
      });
    }
    return judge(deps, run, lease, thrown);
  }
}

async function take(deps: RunPerformerDeps, walk: Walk): Promise<void> {
  const { lease, run } = walk;
  const { kind } = run;
  if (kind === 'teardown') {
    await deps.runner.teardown(walk);
    return deps.stores.remove(lease);
  }
  if (kind === 'provision') {
    await make(deps, walk);
  } else {
    await (isChange(kind) ? deps.runner.change({ ...walk, kind }) : deps.runner[kind](walk));
    // Not of a new shop: its page was made just before its door was opened, and was the first.
    await deps.emptyPages(run.storeId);
  }
  await deps.journal.runDone(lease);
}

/** What is ordered beside the steps is over before the lease is: nothing arrives for a store that somebody takes down. */
async function make(deps: RunPerformerDeps, walk: Walk): Promise<void> {
  await deps.stores.beginProvisioning(walk.lease);
  const store = await walk.loadStore();
  await deps.announce(walk.lease, store, 'making');
  const over = new AbortController();
  const ordered = deps.orderCertificate(store, AbortSignal.any([walk.signal, over.signal]));
  try {
    await deps.runner.provision(walk);
  } finally {
    over.abort();
    await ordered;
  }
}

/**
 * A failed store keeps its place and its reason, and waits for a retry. A failed teardown is tried again by itself,
 * each time after twice the wait.
 * The run is marked last: a crash before that leaves it due, and whoever resumes it tells visitors and owner again.
 */
async function judge(deps: RunPerformerDeps, run: Run, lease: Lease, failure: StepFailedError): Promise<Verdict> {
  const error = toStoreError(failure, failure.step, deps.now());
  if (isChange(run.kind)) return judgeChange(deps, run, lease, error);
  await deps.stores.fail(lease, error);
  if (run.kind === 'teardown') {
    const before = Math.max(0, (await deps.runs.countFailures(run.id)) - 1);
    const waitMs = Math.min(TEARDOWN_RETRY_MS * 2 ** Math.min(before, 10), TEARDOWN_RETRY_MAX_MS);
    return { outcome: 'failed', lease: { nextAttemptAt: new Date(deps.now().getTime() + waitMs) } };
  }
  if (run.kind === 'provision') {
    const store = await deps.stores.get(run.storeId);
    await deps.announce(lease, store, 'failed');
    await deps.tellOwner(lease, { store, run, error });
  }
  await deps.journal.runFailed(lease, error);
  return { outcome: 'failed', lease: 'free' };
}

/**
 * A change that failed says nothing of the shop, so the store keeps what it has. What time may heal is tried again until
 * it works: a store that is to be closed must not stay open because something was busy. A few kinds end after so many
 * walks.
 */
async function judgeChange(deps: RunPerformerDeps, run: Run, lease: Lease, error: StoreError): Promise<Verdict> {
  const most = MOST_WALKS[run.kind];
  if (error.retryable && (most === undefined || (await deps.runs.countFailures(run.id)) < most)) {
    return { outcome: 'failed', lease: { nextAttemptAt: new Date(deps.now().getTime() + CHANGE_RETRY_MS) } };
  }
  await deps.journal.runFailed(lease, error);
  return { outcome: 'failed', lease: 'free' };
}

interface Keeper {
  /** Aborts when the worker stops, when the lease is lost, or when the run was called off. */
  readonly signal: AbortSignal;
  stop(): void;
}

function keepAlive(deps: RunPerformerDeps, lease: Lease, stopping: AbortSignal): Keeper {
  const lost = new AbortController();
  const finished = new AbortController();
  const signal = AbortSignal.any([stopping, lost.signal]);
  void renewUntilFinished(deps, lease, finished.signal, (reason) => lost.abort(reason));
  return { signal, stop: () => finished.abort() };
}

async function renewUntilFinished(
  deps: RunPerformerDeps,
  lease: Lease,
  finished: AbortSignal,
  lose: (reason: Error) => void,
): Promise<void> {
  let aliveUntil = performance.now() + LEASE_MS;
  for (;;) {
    const stopped = await pause(RENEW_EVERY_MS, finished).then(
      () => false,
      () => true,
    );
    if (stopped) return;
    const askedAt = performance.now();
    try {
      if (!(await deps.leases.renew(lease, LEASE_MS))) return lose(new LeaseLostError(lease.storeId, lease.fence));
      aliveUntil = askedAt + LEASE_MS;
    } catch (thrown) {
      // The database is away. While the lease still lives nobody else works on the store; after that we must stop.
      if (performance.now() + RENEW_EVERY_MS > aliveUntil) return lose(toAppError(thrown));
    }
  }
}

async function letGo(deps: RunPerformerDeps, lease: Lease, how: Verdict['lease']): Promise<void> {
  if (how === 'gone') return;
  try {
    await deps.leases.release(lease, how === 'free' ? undefined : how);
  } catch (thrown) {
    // It dies by itself; until then nobody works on the store.
    deps.log.warn({ storeId: lease.storeId, reason: toAppError(thrown).message }, 'Lease not released');
  }
}
