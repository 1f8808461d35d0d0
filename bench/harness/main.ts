import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parsePlatform } from '../../src/domain/store-input.ts';
import type { Benchmark, BenchResult } from './benchmark.ts';
import { describeMachine } from './machine.ts';
import { measure } from './measure.ts';
import { asTable } from './report.ts';
import { plain, writeReport } from './write-report.ts';

const BENCH = fileURLToPath(new URL('..', import.meta.url));
const REPORTS = fileURLToPath(new URL('../../docs/benchmarks', import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean' },
    json: { type: 'boolean' },
    write: { type: 'boolean' },
    rounds: { type: 'string' },
    platform: { type: 'string' },
  },
});
const names = (await readdir(BENCH)).filter((file) => file.endsWith('.ts')).map((file) => file.slice(0, -3));
const [name] = positionals;

if (values.list) {
  console.log(names.join('\n'));
} else if (name !== undefined && !names.includes(name)) {
  console.error(
    `Which benchmark? npm run bench -- [NAME] [--json] [--write] [--rounds N] [--platform P]. There are: ${names.join(', ') || 'none'}.`,
  );
  process.exitCode = 2;
} else {
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort(new Error('Interrupted.')));
  process.once('SIGTERM', () => interrupt.abort(new Error('Ended.')));
  for (const chosen of name === undefined ? names : [name]) await runOne(chosen, interrupt.signal);
}

/** One that fails is said to have; the others are still to be measured. */
async function runOne(chosen: string, signal: AbortSignal): Promise<void> {
  try {
    await runBenchmark(chosen, signal);
  } catch (error) {
    signal.throwIfAborted();
    console.error(`${chosen} was not measured:`, error);
    process.exitCode = 1;
  }
}

async function runBenchmark(chosen: string, signal: AbortSignal): Promise<void> {
  const { benchmark: written } = (await import(`../${chosen}.ts`)) as { benchmark: Benchmark };
  const platform = values.platform === undefined ? undefined : parsePlatform(values.platform);
  const benchmark: Benchmark = {
    ...written,
    ...(platform === undefined ? {} : written.ofPlatform?.[platform]),
    ...(values.rounds === undefined ? {} : { rounds: Number(values.rounds) }),
  };
  const context = { signal, say: (line: string) => console.error(line), platform };
  const machine = describeMachine();
  const open = await benchmark.open(context);
  let result: BenchResult;
  try {
    const figures = await measure(benchmark, open, context);
    result = {
      name: [chosen, platform].filter(Boolean).join('-'),
      command: commandOf(chosen, benchmark.rounds === written.rounds ? undefined : benchmark.rounds, platform),
      machine: { ...machine, ...open.facts },
      figures,
    };
  } finally {
    await open.close();
  }
  console.log(values.json ? JSON.stringify(plain(result)) : asTable(result.figures));
  if (values.write) await writeReport(REPORTS, result, benchmark, new Date().toISOString().slice(0, 10));
}

/** With what was asked for otherwise than it is written: the same command gives the same page again. */
function commandOf(chosen: string, rounds: number | undefined, platform: string | undefined): string {
  const asked = [
    ...(platform === undefined ? [] : ['--platform', platform]),
    ...(rounds === undefined ? [] : ['--rounds', rounds]),
  ];
  return ['npm run bench --', chosen, ...asked, '--write'].join(' ');
}
