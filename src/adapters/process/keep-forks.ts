import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { pause } from '../../lib/deadline.ts';
import { SECOND } from '../../lib/time.ts';

const FIRST_RESTART_MS = 200;
const SLOWEST_RESTART_MS = 5 * SECOND;
/** Who lived that long has not been crashing: the next restart is quick again. */
const STEADY_AFTER_MS = 10 * SECOND;
/** Longer than a process takes to answer what it has begun. */
const END_WITHIN_MS = 10 * SECOND;

/**
 * Keeps so many copies of this process running, which share its listening port; who ends is started again, ever more
 * slowly while it goes on ending. Resolves when the signal aborted and all have ended; who does not end in time is
 * killed.
 */
export async function keepForks(count: number, stopping: AbortSignal, endWithinMs = END_WITHIN_MS): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => keepOne(stopping, endWithinMs)));
}

async function keepOne(stopping: AbortSignal, endWithinMs: number): Promise<void> {
  let delayMs = FIRST_RESTART_MS;
  while (!stopping.aborted) {
    const startedAt = performance.now();
    await oneLife(cluster.fork(), stopping, endWithinMs);
    if (performance.now() - startedAt > STEADY_AFTER_MS) delayMs = FIRST_RESTART_MS;
    await pause(delayMs, stopping).catch(() => undefined);
    delayMs = Math.min(delayMs * 2, SLOWEST_RESTART_MS);
  }
}

async function oneLife(fork: Worker, stopping: AbortSignal, endWithinMs: number): Promise<void> {
  let deadline: NodeJS.Timeout | undefined;
  const end = (): void => {
    fork.process.kill('SIGTERM');
    deadline = setTimeout(() => fork.process.kill('SIGKILL'), endWithinMs);
  };
  stopping.addEventListener('abort', end, { once: true });
  await once(fork, 'exit');
  stopping.removeEventListener('abort', end);
  clearTimeout(deadline);
}
