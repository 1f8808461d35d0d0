import { readdir, readFile, readlink, rm } from 'node:fs/promises';
import { AppError } from '../../domain/errors.ts';
import { probeUntil } from '../../lib/deadline.ts';
import { SECOND } from '../../lib/time.ts';
import { type Program, runCommand } from '../process/run-command.ts';
import { ignoreMissing } from './configuration-trees.ts';
import type { EdgeFolders } from './edge-folders.ts';

const NGINX: Program = 'nginx';
const TEST_TIMEOUT = 30 * SECOND;
const START_TIMEOUT = 30 * SECOND;
/** The parent returns when the daemon has bound its ports; the pid file follows within milliseconds. */
const FORK_TIMEOUT = 5 * SECOND;
const ORPHAN_TIMEOUT = 5 * SECOND;
/** What a worker calls itself while it accepts connections. */
const SERVING = 'nginx: worker process';
const FIRST_WAIT = 5;
const LONGEST_WAIT = 20;

/** A child of the master as the kernel shows it. */
export interface WorkerProcess {
  readonly pid: number;
  /** It accepts connections: it is no more just starting, ending with its last request, or looking after kept pages. */
  readonly isServing: boolean;
}

/**
 * The master's pid, when it is alive and really is ours: its own command line names nginx and our prefix. A number in
 * the pid file that belongs to another process by now never gets a signal; a lost pid file does not lose the master.
 */
export async function findMaster(folders: EdgeFolders): Promise<number | undefined> {
  const noted = Number((await readFile(folders.pidFile, 'utf8').catch(ignoreMissing))?.trim());
  if (Number.isSafeInteger(noted) && noted > 1 && (await isMaster(noted, folders))) return noted;
  for (const pid of await allPids()) {
    if (!(await isMaster(pid, folders))) continue;
    // A worker bears its master's title for the first moments of its life.
    const parent = await parentOf(pid);
    return parent !== undefined && (await isMaster(parent, folders)) ? parent : pid;
  }
  return undefined;
}

/** The master's children. A master without any is just starting, or in trouble. */
export async function workersOf(master: number): Promise<WorkerProcess[]> {
  const found = await Promise.all(
    (await childrenOf(master)).map(async (pid) => {
      const title = await titleOf(pid);
      return title === undefined ? undefined : { pid, isServing: title === SERVING };
    }),
  );
  return found.filter((worker) => worker !== undefined);
}

/**
 * Asks nginx itself about a configuration. Returns why it refuses, or `undefined` when it would take it. Reads and
 * opens files as a real start does, but changes nothing that runs.
 */
export async function whyRefused(
  folders: EdgeFolders,
  configFile: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const args = ['-t', '-q', '-p', `${folders.prefix}/`, '-e', 'stderr', '-c', configFile];
  const result = await runCommand(NGINX, args, { signal, timeoutMs: TEST_TIMEOUT, acceptExitCodes: [1] });
  if (result.exitCode === 0) return undefined;
  const lines = result.stderr.split('\n');
  return lines.find((line) => line.includes('[emerg]')) ?? lines[0] ?? 'nginx gave no reason';
}

/**
 * Starts nginx with the configuration in place, as a daemon that outlives us, and returns the master's pid. Workers
 * that a killed master left behind would hold our ports with an old configuration: they are sent away first. Throws
 * `route_unreachable` when it does not come up.
 */
export async function startNginx(folders: EdgeFolders, signal: AbortSignal): Promise<number> {
  await sendAwayOrphans(folders, signal);
  // Left by a master that was killed; bind() would say that the address is in use.
  await rm(folders.controlSocket, { force: true });
  const args = ['-p', `${folders.prefix}/`, '-e', folders.errorLog, '-c', `${folders.current}/nginx.conf`];
  const { exitCode, stderr } = await runCommand(NGINX, args, {
    signal,
    timeoutMs: START_TIMEOUT,
    acceptExitCodes: [1],
  });
  if (exitCode !== 0) throw didNotStart(stderr);
  const pid = await untilDefined(() => findMaster(folders), FORK_TIMEOUT, signal);
  if (pid === undefined) throw didNotStart(await lastLinesOf(folders.errorLog));
  return pid;
}

function didNotStart(output: string): AppError {
  const lines = output.split('\n').filter((line) => line.includes('[emerg]'));
  // After "Address already in use" it tries a few times more, and only then gives up in words that say less.
  const reason = lines.find((line) => line.includes('failed (')) ?? lines.at(-1) ?? 'it gave no reason';
  return new AppError('route_unreachable', `The edge did not start: ${reason}`, {
    hint: 'See edge-error.log in DATA_DIR/logs. If a port is taken, stop what holds it or set HTTP_PORT and HTTPS_PORT.',
    retryable: true,
    logTail: output,
  });
}

/** Sends a signal to a process that was just verified to be ours. One that is gone meanwhile is no trouble. */
export function signalProcess(pid: number, name: 'SIGHUP' | 'SIGQUIT' | 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    ignoreMissing(error);
  }
}

/** Asks again and again until there is an answer; `undefined` when there was none in time. */
export async function untilDefined<Answer>(
  ask: () => Promise<Answer | undefined>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Answer | undefined> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const either = AbortSignal.any([signal, timeout]);
    return await probeUntil(ask, { signal: either, firstDelayMs: FIRST_WAIT, maxDelayMs: LONGEST_WAIT });
  } catch (error) {
    if (timeout.aborted && error === timeout.reason) return undefined;
    throw error;
  }
}

/** The last lines that nginx wrote about itself. */
async function lastLinesOf(path: string, count = 10): Promise<string> {
  const text = await readFile(path, 'utf8').catch(ignoreMissing);
  return (text ?? '').trimEnd().split('\n').slice(-count).join('\n');
}

async function isMaster(pid: number, folders: EdgeFolders): Promise<boolean> {
  const title = await titleOf(pid);
  return title?.startsWith('nginx: master process ') === true && title.includes(` -p ${folders.prefix}/ `);
}

async function sendAwayOrphans(folders: EdgeFolders, signal: AbortSignal): Promise<void> {
  const orphans = await findOrphans(folders);
  // They finish what they are at, but give up the ports at once.
  for (const pid of orphans) signalProcess(pid, 'SIGQUIT');
  const left = await untilDefined(
    async () => {
      const serving = await findOrphans(folders);
      return serving.length === 0 ? true : undefined;
    },
    ORPHAN_TIMEOUT,
    signal,
  );
  if (left === undefined) for (const pid of await findOrphans(folders)) signalProcess(pid, 'SIGKILL');
}

/** Workers without a master that still accept connections, known as ours by the log that they hold open. */
async function findOrphans(folders: EdgeFolders): Promise<number[]> {
  const found = await Promise.all(
    (await allPids()).map(async (pid) => {
      if ((await titleOf(pid)) !== SERVING) return undefined;
      return (await holdsOpen(pid, folders.errorLog)) ? pid : undefined;
    }),
  );
  return found.filter((pid) => pid !== undefined);
}

async function childrenOf(parent: number): Promise<number[]> {
  // One file where the kernel has it (CONFIG_PROC_CHILDREN), a look at every process where not.
  const listed = await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8').catch(ignoreMissing);
  if (listed !== undefined) return listed.split(' ').filter(Boolean).map(Number);
  const pids = await allPids();
  const parents = await Promise.all(pids.map(parentOf));
  return pids.filter((_, index) => parents[index] === parent);
}

async function allPids(): Promise<number[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
}

/** What `ps` shows: nginx writes its role there. Zero bytes between arguments are told as spaces. */
async function titleOf(pid: number): Promise<string | undefined> {
  const raw = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(ignoreMissing);
  return raw === undefined ? undefined : raw.replace(/\0+$/, '').replaceAll('\0', ' ');
}

async function parentOf(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(ignoreMissing);
  // The name in brackets may hold anything, spaces and brackets too; what follows the last one is plain.
  const [, parent] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return parent === undefined ? undefined : Number(parent);
}

async function holdsOpen(pid: number, path: string): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []);
  const targets = await Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
  return targets.some((target) => target === path || target === `${path} (deleted)`);
}
