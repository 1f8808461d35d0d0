import { fileURLToPath } from 'node:url';
import { runCommand } from '../../src/adapters/process/run-command.ts';
import { SECOND } from '../../src/lib/time.ts';
import type { Sample } from './benchmark.ts';
import type { Load } from './put-under-load.ts';

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

/** As `putUnderLoad`, by Debian's wrk: it takes so little that it can keep nginx busy from the same processors. */
export async function putUnderWrk(
  { url, headers }: { readonly url: string; readonly headers: Readonly<Record<string, string>> },
  { connections, seconds }: Load,
  signal: AbortSignal,
): Promise<Sample> {
  const lines = Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]);
  const load = ['--threads', '1', '--connections', String(connections), '--duration', `${seconds}s`];
  const { stdout } = await runCommand(WRK, [...load, '--timeout', '60s', '--script', REPORT, ...lines, url], {
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
