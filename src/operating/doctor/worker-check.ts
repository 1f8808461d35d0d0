import { MINUTE, SECOND } from '../../lib/time.ts';
import { SILENT_AFTER_MS, type WorkerSign } from '../look-at.ts';
import { type Check, fail, ok, warn } from './check.ts';

/** With a worker at work and places free, a run waits seconds. */
const STUCK_AFTER_MS = 2 * MINUTE;

/** The seed's second trouble, the worker does not process: does one live, and does the queue move? */
export const workerCheck = (parts: {
  readonly workers: () => Promise<readonly WorkerSign[]>;
  readonly runs: () => Promise<{
    readonly waiting: number;
    readonly active: number;
    readonly failed: number;
    readonly oldestWaitingAt: Date | null;
  }>;
  readonly isUpRunning: () => Promise<boolean>;
  readonly now?: () => Date;
}): Check => ({
  name: 'worker',
  async run() {
    const [workers, runs, isUpRunning] = await Promise.all([parts.workers(), parts.runs(), parts.isUpRunning()]);
    const alive = workers.filter(({ silentMs }) => silentMs < SILENT_AFTER_MS);
    const fix = isUpRunning ? 'shopctl restart worker' : 'shopctl up --detach';
    if (alive.length === 0) {
      const waiting = runs.waiting > 0 ? ` ${runs.waiting} jobs wait.` : '';
      return fail(`No worker has shown a sign of life for ${SILENT_AFTER_MS / SECOND} s.${waiting}`, fix);
    }
    const now = parts.now?.() ?? new Date();
    const waitedMs = runs.oldestWaitingAt === null ? 0 : now.getTime() - runs.oldestWaitingAt.getTime();
    if (waitedMs > STUCK_AFTER_MS) {
      const minutes = Math.round(waitedMs / MINUTE);
      const message = `${runs.waiting} jobs wait, the oldest for ${minutes} minutes, with ${runs.active} at work.`;
      return runs.active > 0 ? warn(`${message} More workers would help.`, 'shopctl queue') : fail(message, fix);
    }
    return ok(`${alive.length} at work; ${runs.waiting} jobs waiting, ${runs.active} active`);
  },
});
