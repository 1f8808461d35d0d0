import { existsSync } from 'node:fs';
import { type ExecaError, execa } from 'execa';
import { AppError } from '../../domain/errors.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { PROGRAMS, type ProgramName } from './programs.ts';

/** A program of the table, or the absolute path of a helper binary that we unpacked ourselves. */
export type Program = ProgramName | { readonly path: string };

export interface CommandOptions {
  readonly signal?: AbortSignal | undefined;
  /** The whole command may take this long; then it gets SIGTERM and, a little later, SIGKILL. */
  readonly timeoutMs?: number;
  readonly cwd?: string;
  /** Added to a minimal environment (PATH, HOME, LANG); our own is never handed on. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  /** Called for each line of standard output and error while the command runs. */
  readonly onLine?: (line: string) => void;
  /** Exit codes that are an answer, not a failure. Default: only 0. */
  readonly acceptExitCodes?: readonly number[];
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that ended otherwise than asked. Carries what an operator needs to see why. */
export class CommandFailedError extends AppError {
  readonly program: string;
  readonly args: readonly string[];
  readonly exitCode: number | undefined;
  readonly stderrTail: string;

  constructor(facts: {
    program: string;
    args: readonly string[];
    exitCode: number | undefined;
    stderrTail: string;
    reason: string;
    cause: unknown;
  }) {
    super(
      'command_failed',
      `${facts.program} ${facts.reason}${facts.stderrTail ? `: ${lastLine(facts.stderrTail)}` : ''}`,
      {
        cause: facts.cause,
        retryable: true,
        logTail: facts.stderrTail,
      },
    );
    this.program = facts.program;
    this.args = facts.args;
    this.exitCode = facts.exitCode;
    this.stderrTail = facts.stderrTail;
  }
}

const DEFAULT_TIMEOUT_MS = 5 * MINUTE;
const KILL_AFTER_MS = 5 * SECOND;
const MAX_OUTPUT = 8 * 1024 * 1024;
const TAIL_LENGTH = 4000;

/** Where a program is on this machine. Throws `tool_missing` naming the package that brings it. */
export function pathOfProgram(program: Program): string {
  if (typeof program !== 'string') return program.path;
  const entry = PROGRAMS[program];
  const found = entry.paths.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new AppError('tool_missing', `${program} is not on this machine.`, {
    hint: `Install it: apt-get install ${entry.package}`,
  });
}

/**
 * Runs a program with an argument array and no shell. The child gets SIGKILL when we die (`setpriv --pdeathsig`:
 * a spawned child outlives a killed worker otherwise). Throws `CommandFailedError` on any exit code not accepted, on
 * time-out and on abort; after it throws, the child is gone.
 */
export async function runCommand(
  program: Program,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const path = pathOfProgram(program);
  const name = typeof program === 'string' ? program : (program.path.split('/').at(-1) ?? program.path);
  refuseControlCharacters(name, args);
  const subprocess = execa(pathOfProgram('setpriv'), ['--pdeathsig', 'KILL', '--', path, ...args], {
    extendEnv: false,
    env: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: process.env['HOME'] ?? '/root',
      LANG: 'C.UTF-8',
      ...options.env,
    },
    timeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    forceKillAfterDelay: KILL_AFTER_MS,
    maxBuffer: MAX_OUTPUT,
    stripFinalNewline: true,
    all: true,
    ...(options.signal ? { cancelSignal: options.signal } : {}),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
  });
  if (options.onLine) void forwardLines(subprocess.iterable({ from: 'all' }), options.onLine);
  try {
    const result = await subprocess;
    return { exitCode: 0, stdout: result.stdout, stderr: result.stderr };
  } catch (thrown) {
    const error = thrown as ExecaError;
    const stdout = String(error.stdout ?? '');
    const stderr = String(error.stderr ?? '');
    if (error.exitCode !== undefined && options.acceptExitCodes?.includes(error.exitCode)) {
      return { exitCode: error.exitCode, stdout, stderr };
    }
    throw new CommandFailedError({
      program: name,
      args,
      exitCode: error.exitCode,
      stderrTail: (stderr || stdout).slice(-TAIL_LENGTH),
      reason: reasonOf(error),
      cause: thrown,
    });
  }
}

function reasonOf(error: ExecaError): string {
  if (error.timedOut) return 'took too long and was ended';
  if (error.isCanceled) return 'was cancelled';
  if (error.signal !== undefined) return `was ended by ${error.signal}`;
  if (error.exitCode !== undefined) return `ended with exit code ${error.exitCode}`;
  return 'could not be started';
}

function refuseControlCharacters(name: string, args: readonly string[]): void {
  for (const arg of args) {
    if (/[\0\r\n]/.test(arg)) throw new AppError('internal_error', `An argument of ${name} holds a control character.`);
  }
}

async function forwardLines(lines: AsyncIterable<unknown>, onLine: (line: string) => void): Promise<void> {
  try {
    for await (const line of lines) onLine(String(line));
  } catch {
    // The command's own promise reports the failure; here only its lines are of interest.
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
