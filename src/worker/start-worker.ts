import { MINUTE, SECOND } from '../lib/time.ts';
import type { RunOutcome } from '../provisioning/perform-run.ts';
import { createIntake } from './intake.ts';
import { repeat } from './repeat.ts';

export interface WorkerDeps {
  readonly concurrency: number;
  readonly perform: (runId: string, signal: AbortSignal) => Promise<RunOutcome>;
  readonly listen: (options: { concurrency: number; onRing: (runId: string) => Promise<void> }) => {
    close(): Promise<void>;
  };
  readonly sweep: (take: (runId: string) => void) => () => Promise<void>;
  readonly register: () => Promise<void>;
  readonly heartbeat: () => Promise<void>;
  readonly unregister: () => Promise<void>;
  readonly releaseDeadOwners: () => Promise<void>;
  /** Everything that is done now and then, with how often. */
  readonly chores: readonly Chore[];
  readonly log: {
    info(facts: object, message: string): void;
    warn(facts: object, message: string): void;
    error(facts: object, message: string): void;
  };
}

export interface Chore {
  readonly name: string;
  readonly everyMs: number;
  readonly act: () => Promise<void>;
}

const SWEEP_EVERY_MS = 2 * SECOND;
const HEARTBEAT_EVERY_MS = 5 * SECOND;
/** A worker that is asked to stop lets go of its runs between two steps; after this it goes anyway, its leases die. */
const DRAIN_WITHIN_MS = 20 * SECOND;

/**
 * A worker process: takes runs by bell and by sweep, does the chores, says that it lives. Resolves when `stopping`
 * aborted and what was in hand is parked. Needs neither Redis nor MySQL to be up when it starts.
 */
export async function startWorker(deps: WorkerDeps, stopping: AbortSignal): Promise<void> {
  const report = (name: string) => (thrown: unknown) =>
    deps.log.warn({ chore: name, reason: thrown instanceof Error ? thrown.message : String(thrown) }, 'Chore failed');
  const intake = createIntake({
    concurrency: deps.concurrency,
    perform: (runId) => deps.perform(runId, stopping),
    onError: (runId, thrown) => deps.log.error({ runId, err: thrown }, 'Run could not be worked on'),
  });
  const listener = deps.listen({ concurrency: deps.concurrency, onRing: (runId) => intake.take(runId) });
  const sweep = deps.sweep((runId) => void intake.take(runId));
  let registered = false;
  const liveness = async (): Promise<void> => {
    if (!registered) await deps.register();
    registered = true;
    await deps.heartbeat();
    await deps.releaseDeadOwners();
  };
  const loops = [
    repeat(HEARTBEAT_EVERY_MS, stopping, liveness, report('heartbeat')),
    repeat(SWEEP_EVERY_MS, stopping, sweep, report('sweep')),
    ...deps.chores.map((chore) => repeat(chore.everyMs, stopping, chore.act, report(chore.name))),
  ];
  deps.log.info({ pid: process.pid, concurrency: deps.concurrency }, 'Worker started');
  await Promise.all(loops);
  const deadline = AbortSignal.timeout(DRAIN_WITHIN_MS);
  await Promise.race([intake.drain(), new Promise((resolve) => deadline.addEventListener('abort', resolve))]);
  await listener.close();
  await deps.unregister().catch(report('unregister'));
  deps.log.info({ pid: process.pid }, 'Worker stopped');
}

/** How often each chore is done; claims in MySQL keep several workers from doing the shared ones twice. */
export const CHORE_PERIODS = {
  outbox: 3 * SECOND,
  storeMail: 5 * SECOND,
  storeCron: SECOND,
  health: 10 * SECOND,
  offer: 10 * SECOND,
  ledger: 5 * SECOND,
  machine: 20 * SECOND,
  orphans: 30 * SECOND,
  pool: 3 * SECOND,
  domains: 3 * SECOND,
  accounts: MINUTE,
  webhooks: SECOND,
  webhookDeliveries: 60 * MINUTE,
  pages: 5 * SECOND,
  routes: MINUTE,
  closedStores: 30 * SECOND,
  databases: 10 * SECOND,
  deletions: MINUTE,
  diskUsage: 60 * MINUTE,
  compiledCode: 60 * MINUTE,
  certificates: 60 * MINUTE,
  wildcardFiles: MINUTE,
} as const;
