import { setMaxListeners } from 'node:events';
import { runWorker } from '../app/worker.ts';
import { loadConfig } from '../config/load-config.ts';
import { AppError } from '../domain/errors.ts';

const CONFIGURATION_EXIT_CODE = 78;
const stopping = new AbortController();
// Every loop and every run listens to it; that is no leak.
setMaxListeners(0, stopping.signal);
for (const name of ['SIGTERM', 'SIGINT'] as const) {
  process.once(name, () =>
    stopping.abort(new AppError('internal_error', 'The worker was asked to stop.', { retryable: true })),
  );
}

try {
  await runWorker(loadConfig(), stopping.signal);
} catch (thrown) {
  console.error(thrown instanceof AppError ? `${thrown.message} ${thrown.hint ?? ''}` : thrown);
  process.exitCode =
    thrown instanceof AppError && thrown.code === 'configuration_invalid' ? CONFIGURATION_EXIT_CODE : 1;
}
// Timers and sockets of libraries must not keep a worker that has let go of everything.
process.exit();
