import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MINUTE } from '../../src/lib/time.ts';
import type { TestPlatform } from './platform.ts';
import { until } from './until.ts';

/** A program that was started, as the kernel was asked for it. */
export interface StartedProgram {
  readonly path: string;
  readonly argv: readonly string[];
}

/** Longer than any argument: none is cut. */
const WHOLE_TEXTS = '65536';

/**
 * Has the kernel tell each program that the platform's processes start from now on, theirs and those of all below them,
 * until `stop` is called. The edge is among them; what runs in containers is the engine's child, not ours.
 */
export async function watchPrograms(platform: TestPlatform): Promise<{ stop(): Promise<StartedProgram[]> }> {
  const folder = await mkdtemp(join(tmpdir(), 'shop-programs-'));
  const file = join(folder, 'programs');
  const { services } = (await platform.ok('status')) as unknown as { services: { web: { pid: number } } };
  const edge = await platform.adapters.edge.isRunning();
  const pids = [platform.up.pid, services.web.pid, edge?.pid, ...(await platform.workerPids())].map(Number);
  const options = ['-f', '-s', WHOLE_TEXTS, '-e', 'trace=execve,execveat', '-e', 'signal=none', '-o', file];
  const tracer = spawn('/usr/bin/strace', [...options, ...pids.flatMap((pid) => ['-p', String(pid)])], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((resolve) => tracer.once('close', resolve));
  let said = '';
  tracer.stderr.on('data', (chunk) => (said += String(chunk)));
  await until(async () => {
    if (tracer.exitCode !== null) throw new Error(`strace ended with ${tracer.exitCode}: ${said}`);
    return pids.every((pid) => said.includes(`Process ${pid} attached`)) ? true : undefined;
  }, MINUTE);
  return {
    async stop() {
      tracer.kill('SIGINT');
      await ended;
      const lines = await readFile(file, 'utf8');
      await rm(folder, { recursive: true });
      return startedIn(lines);
    },
  };
}

/** `123 execve("/usr/bin/x", ["x", "y"], 0x… /* 3 vars *\/) = 0`, or its beginning where another process came between. */
function startedIn(lines: string): StartedProgram[] {
  return [...lines.matchAll(/\bexecve(?:at)?\((?:AT_FDCWD, )?("(?:[^"\\]|\\.)*"), \[(.*?)\], 0x/g)].map(
    ([, path = '""', argv = '']) => ({
      path: textOf(path),
      argv: [...argv.matchAll(/"(?:[^"\\]|\\.)*"/g)].map(([text]) => textOf(text)),
    }),
  );
}

/** strace writes texts as C does: bytes beyond ASCII in octal. */
function textOf(quoted: string): string {
  const bytes = quoted.slice(1, -1).replaceAll(/\\([0-7]{1,3}|.)/g, (_all, escaped: string) => {
    if (/^[0-7]/.test(escaped)) return String.fromCharCode(Number.parseInt(escaped, 8));
    return { n: '\n', t: '\t', r: '\r', v: '\v', f: '\f' }[escaped] ?? escaped;
  });
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
