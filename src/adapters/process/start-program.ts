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

/** An account of this machine, by its numbers. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

export interface ProgramOptions {
  readonly onLine: (line: string) => void;
  /** Who runs it. Then it has no other group, no capability, no way to more rights, and nothing of our environment. */
  readonly as?: Identity;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/**
 * Starts a program of ours that stays: it has our environment (unless somebody else runs it), its lines go to `onLine`,
 * and it gets SIGTERM when we die, however that happens (`setpriv --pdeathsig`), so that it can finish or park its
 * work. It is in a session of its own: Ctrl-C in our terminal reaches us alone, and we say who stops when. Throws when
 * it cannot be started.
 */
export async function startProgram(
  program: Program,
  args: readonly string[],
  { onLine, as, env, cwd }: ProgramOptions,
): Promise<RunningProgram> {
  const options = ['--pdeathsig', 'TERM', ...(as === undefined ? [] : withoutRights(as))];
  const child = spawn(pathOfProgram('setpriv'), [...options, '--', pathOfProgram(program), ...args], {
    detached: true,
    env: { ...(as === undefined ? process.env : MINIMAL_ENVIRONMENT), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine);
  }
  return whenStarted(child);
}

/** setpriv(1): an account and nothing else. */
export const withoutRights = ({ uid, gid }: Identity): string[] => [
  `--reuid=${uid}`,
  `--regid=${gid}`,
  '--clear-groups',
  '--inh-caps=-all',
  '--bounding-set=-all',
  '--no-new-privs',
];

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
