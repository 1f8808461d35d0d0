import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { type Program, pathOfProgram } from './run-command.ts';

export interface ProgramEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export interface RunningProgram {
  readonly pid: number;
  /** Never rejects: ending is what programs do. */
  readonly ended: Promise<ProgramEnd>;
  /** To the program alone; nothing happens when it has ended. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

const MINIMAL_ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
};

/**
 * Starts a program of ours that stays: it has our environment, its lines go to `onLine`, and it gets SIGTERM when we
 * die, however that happens (`setpriv --pdeathsig`), so that it can finish or park its work. It is in a session of its
 * own: Ctrl-C in our terminal reaches us alone, and we say who stops when. Throws when it cannot be started.
 */
export async function startProgram(
  program: Program,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly onLine: (line: string) => void },
): Promise<RunningProgram> {
  const child = spawn(pathOfProgram('setpriv'), ['--pdeathsig', 'TERM', '--', pathOfProgram(program), ...args], {
    detached: true,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', options.onLine);
  }
  return whenStarted(child);
}

/**
 * Starts a program that outlives us, in a session of its own, its output appended to a file. `environment: 'ours'`
 * hands our variables on, for programs of ours.
 */
export async function startDetached(
  program: Program,
  args: readonly string[],
  options: { readonly logFile: string; readonly environment: 'minimal' | 'ours' },
): Promise<RunningProgram> {
  mkdirSync(dirname(options.logFile), { recursive: true, mode: 0o755 });
  const log = openSync(options.logFile, 'a', 0o640);
  try {
    const child = spawn(pathOfProgram(program), [...args], {
      detached: true,
      cwd: options.environment === 'ours' ? process.cwd() : '/',
      env: options.environment === 'ours' ? process.env : MINIMAL_ENVIRONMENT,
      stdio: ['ignore', log, log],
    });
    const running = await whenStarted(child);
    child.unref();
    return running;
  } finally {
    closeSync(log);
  }
}

function whenStarted(child: ChildProcess): Promise<RunningProgram> {
  const ended = new Promise<ProgramEnd>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => {
      resolve({ pid: child.pid ?? -1, ended, kill: (signal) => void child.kill(signal) });
    });
  });
}
