import { fileURLToPath } from 'node:url';
import { runCommand } from '../../src/adapters/process/run-command.ts';
import { SECOND } from '../../src/lib/time.ts';
import type { Sample } from './benchmark.ts';

const WRK = { path: '/usr/bin/wrk' };
const REPORT = fileURLToPath(new URL('wrk-report.lua', import.meta.url));

/** What wrk tells at its end; times in microseconds. */
interface Report {
  readonly requests: number;
  readonly failed: number;
  readonly took: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface Load {
  readonly connections: number;
  readonly seconds: number;
}

/** Whom to ask. With `cookies`, a file of one a line, the requests take turns with them. */
export interface WrkTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies?: string;
}

/**
 * Asks without pause by so many connections at once, by Debian's wrk: it takes so little that it can keep others busy from
 * the same processors. Total: answers per second; parts: milliseconds from asking to the answer. Throws when a request
 * failed, since then something else was measured.
 */
export async function putUnderWrk(
  { url, headers, cookies }: WrkTarget,
  { connections, seconds }: Load,
  signal: AbortSignal,
): Promise<Sample> {
  const lines = Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]);
  const load = ['--threads', '1', '--connections', String(connections), '--duration', `${seconds}s`];
  const script = ['--timeout', '60s', '--script', REPORT];
  const turns = cookies === undefined ? [] : ['--', cookies];
  const { stdout } = await runCommand(WRK, [...load, ...script, ...lines, url, ...turns], {
    signal,
    timeoutMs: (seconds + 90) * SECOND,
  });
  const report = JSON.parse(stdout.split('\n').at(-1) ?? '') as Report;
  if (report.failed > 0 || report.requests === 0)
    throw new Error(`${url}: ${report.failed} of ${report.requests} requests failed.`);
  return {
    total: report.requests / (report.took / 1e6),
    parts: { p50: report.p50 / 1000, p95: report.p95 / 1000, p99: report.p99 / 1000 },
  };
}
