import { open } from 'node:fs/promises';
import { request } from 'node:http';
import { AppError } from '../../domain/errors.ts';
import { SECOND } from '../../lib/time.ts';
import { ignoreMissing } from './configuration-trees.ts';
import type { EdgeFolders } from './edge-folders.ts';
import { findMaster, signalProcess, untilDefined, workersOf } from './nginx-process.ts';

const RELOAD_TIMEOUT = 20 * SECOND;
const ANSWER_TIMEOUT = 2 * SECOND;
const MAX_COMPLAINT_BYTES = 64 * 1024;

/**
 * Makes the running nginx read the configuration in place, and returns when only that is in effect: the control socket
 * tells its generation, and every worker of before has stopped accepting. Throws `route_unreachable` when no nginx of
 * ours runs, `route_refused` when nginx keeps the old configuration.
 */
export async function reloadNginx(folders: EdgeFolders, generation: string, signal: AbortSignal): Promise<void> {
  const master = await findMaster(folders);
  if (master === undefined) throw notRunning();
  const before = new Set((await workersOf(master)).map(({ pid }) => pid));
  const complaintsSince = await sizeOf(folders.errorLog);
  signalProcess(master, 'SIGHUP');
  const outcome = await untilDefined(
    async () => {
      const complaint = await complaintAfter(folders.errorLog, complaintsSince);
      if (complaint !== undefined) return { complaint };
      const serving = (await workersOf(master)).filter(({ isServing }) => isServing).map(({ pid }) => pid);
      if (serving.every((pid) => before.has(pid))) return undefined;
      const old = serving.filter((pid) => before.has(pid));
      old.forEach(sendAway);
      if (old.length > 0 || (await generationInEffect(folders, signal)) !== generation) return undefined;
      return { complaint: undefined };
    },
    RELOAD_TIMEOUT,
    signal,
  );
  if (outcome !== undefined && outcome.complaint === undefined) return;
  if ((await findMaster(folders)) !== master) throw notRunning();
  throw new AppError(
    'route_refused',
    `The edge kept its old configuration: ${outcome?.complaint ?? 'no reason was given'}`,
    {
      hint: 'See edge-error.log in DATA_DIR/logs. If a port is taken, stop what holds it or set HTTP_PORT and HTTPS_PORT.',
      retryable: true,
      logTail: outcome?.complaint ?? '',
    },
  );
}

/**
 * Has a worker of before finish what it is at and accept nothing more. nginx does that itself, but only 100 ms after the new
 * ones were started, and who waits at the door until then is served by it. Nothing is started in its place: the master
 * hears of its end when it has counted it as leaving (`ngx_master_process_cycle` holds SIGCHLD back until then). May be
 * repeated: one that is leaving hears no more of it.
 */
function sendAway(worker: number): void {
  signalProcess(worker, 'SIGQUIT');
}

/** What the running workers answer; `undefined` when nobody answers. */
export async function generationInEffect(folders: EdgeFolders, signal: AbortSignal): Promise<string | undefined> {
  return await new Promise((resolve) => {
    const asked = request(
      {
        socketPath: folders.controlSocket,
        path: '/generation',
        agent: false,
        signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT)]),
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve(response.statusCode === 200 ? text.trim() : undefined));
        response.on('error', () => resolve(undefined));
      },
    );
    asked.on('error', () => resolve(undefined));
    asked.end();
  });
}

export function notRunning(): AppError {
  return new AppError('route_unreachable', 'The edge (nginx) is not running; its configuration is up to date.', {
    hint: 'Start it: shopctl up',
    retryable: true,
  });
}

async function sizeOf(path: string): Promise<number> {
  const handle = await open(path, 'r').catch(ignoreMissing);
  if (handle === undefined) return 0;
  try {
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

/** The first line since then in which nginx says that it could not go on. */
async function complaintAfter(path: string, offset: number): Promise<string | undefined> {
  const handle = await open(path, 'r').catch(ignoreMissing);
  if (handle === undefined) return undefined;
  try {
    const { size } = await handle.stat();
    // Rotated meanwhile: all of it is new.
    const from = size < offset ? 0 : offset;
    const buffer = Buffer.alloc(Math.min(size - from, MAX_COMPLAINT_BYTES));
    await handle.read(buffer, 0, buffer.length, from);
    return buffer
      .toString('utf8')
      .split('\n')
      .find((line) => line.includes('[emerg]'));
  } finally {
    await handle.close();
  }
}
