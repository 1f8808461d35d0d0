import cluster from 'node:cluster';
import { setMaxListeners } from 'node:events';
import { keepForks } from '../adapters/process/keep-forks.ts';
import { runWorker } from '../app/worker.ts';
import { loadConfig } from '../config/load-config.ts';
import { AppError } from '../domain/errors.ts';
import { SECOND } from '../lib/time.ts';

const CONFIGURATION_EXIT_CODE = 78;
/** A worker parks its step between two effects. */
const PARKED_WITHIN_MS = 30 * SECOND;
const stopping = new AbortController();
// Every loop and every run listens to it; that is no leak.
setMaxListeners(0, stopping.signal);
for (const name of ['SIGTERM', 'SIGINT'] as const) {
  process.once(name, () =>
    stopping.abort(new AppError('internal_error', 'The worker was asked to stop.', { retryable: true })),
  );
}

try {
  const config = loadConfig();
  // `--all`: the unit of systemd starts one process for all; `shopctl up` starts each by itself.
  const isForAll = process.argv.includes('--all') && cluster.isPrimary && config.workerProcesses > 1;
  if (isForAll) await keepForks(config.workerProcesses, stopping.signal, PARKED_WITHIN_MS);
  else await runWorker(config, stopping.signal);
} catch (thrown) {
  console.error(thrown instanceof AppError ? `${thrown.message} ${thrown.hint ?? ''}` : thrown);
  process.exitCode =
    thrown instanceof AppError && thrown.code === 'configuration_invalid' ? CONFIGURATION_EXIT_CODE : 1;
}
// Timers and sockets of libraries must not keep a worker that has let go of everything.
process.exit();
