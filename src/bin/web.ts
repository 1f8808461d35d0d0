import cluster from 'node:cluster';
import { keepForks } from '../adapters/process/keep-forks.ts';
import { runWeb } from '../app/web.ts';
import { readWebConfig } from '../config/web-config.ts';
import { AppError } from '../domain/errors.ts';

const CONFIGURATION_EXIT_CODE = 78;
const stopping = new AbortController();
for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stopping.abort());

try {
  const config = readWebConfig();
  // One port, several processes: the first only keeps the others running.
  if (cluster.isPrimary && config.webConcurrency > 1) await keepForks(config.webConcurrency, stopping.signal);
  else await runWeb(config, stopping.signal);
} catch (thrown) {
  console.error(thrown instanceof AppError ? `${thrown.message} ${thrown.hint ?? ''}` : thrown);
  process.exitCode =
    thrown instanceof AppError && thrown.code === 'configuration_invalid' ? CONFIGURATION_EXIT_CODE : 1;
}
// Pools and sockets of libraries must not keep a process that has answered its last request.
process.exit();
