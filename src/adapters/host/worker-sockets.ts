import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../domain/errors.ts';
import { SECOND } from '../../lib/time.ts';
import {
  type ControlHandler,
  type ControlRequest,
  type ControlServer,
  callControl,
  serveControl,
} from './control-socket.ts';

/** Unsealing takes milliseconds; a worker that is that slow hangs. */
const ANSWER_WITHIN_MS = 10 * SECOND;

/**
 * A worker listens under its pid for the questions of the web process, whose group alone may connect. Sockets that
 * killed workers left behind are taken away.
 */
export async function serveWorkerSocket(
  folder: string,
  { pid, gid }: { readonly pid: number; readonly gid: number },
  handler: ControlHandler,
): Promise<ControlServer> {
  await mkdir(folder, { recursive: true, mode: 0o750 });
  await chown(folder, 0, gid);
  await chmod(folder, 0o750);
  for (const [name, owner] of await socketsIn(folder)) {
    if (!existsSync(`/proc/${owner}`)) await rm(join(folder, name), { force: true });
  }
  return serveControl(join(folder, `${pid}.sock`), handler, { gid });
}

/**
 * Asks whichever worker answers; those that do not are passed over. Throws what the worker answered with, or
 * `worker_unavailable` when none does.
 */
export async function askWorker(folder: string, request: ControlRequest): Promise<unknown> {
  for (const [name] of await socketsIn(folder)) {
    const options = { signal: AbortSignal.timeout(ANSWER_WITHIN_MS), onProgress: () => undefined };
    const found = await callControl(join(folder, name), request, options).catch((error: unknown) => {
      if (error instanceof AppError && error.code !== 'internal_error') throw error;
      return undefined;
    });
    if (found !== undefined) return found.answer;
  }
  throw new AppError('worker_unavailable', 'No worker answers on its socket.', {
    retryable: true,
    hint: 'See: shopctl status, shopctl logs worker',
  });
}

/** Name and pid of each; none where the folder is not there or not for us. */
async function socketsIn(folder: string): Promise<(readonly [string, string])[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => {
    const pid = /^(\d+)\.sock$/.exec(name)?.[1];
    return pid === undefined ? [] : [[name, pid] as const];
  });
}
