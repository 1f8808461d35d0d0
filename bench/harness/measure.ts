import type { BenchContext, Benchmark, OpenBenchmark, Row, Sample } from './benchmark.ts';

/** Runs every case once per round, beginning with another one each time. A case that throws ends the benchmark: half a result is none. */
export async function measure(benchmark: Benchmark, open: OpenBenchmark, context: BenchContext): Promise<Row[]> {
  const names = Object.keys(open.cases);
  const samples = new Map<string, Sample[]>(names.map((name) => [name, []]));
  for (let round = -benchmark.warmUps; round < benchmark.rounds; round += 1) {
    for (const at of names.keys()) {
      context.signal.throwIfAborted();
      const name = names[(at + Math.max(0, round)) % names.length] ?? '';
      const sample = await open.cases[name]?.(round);
      if (sample === undefined) continue;
      const place = round < 0 ? 'warm-up' : `${round + 1}/${benchmark.rounds}`;
      context.say(`${place}  ${name}: ${Math.round(sample.total)} ${benchmark.unit}`);
      if (round >= 0) samples.get(name)?.push(sample);
    }
  }
  return rowsOf(samples, benchmark);
}

/** Totals first, with their ratio to the reference; then the parts of each case in the order they came. */
export function rowsOf(
  samples: ReadonlyMap<string, readonly Sample[]>,
  { unit, reference }: Pick<Benchmark, 'unit' | 'reference'>,
): Row[] {
  const base = median((samples.get(reference) ?? []).map(({ total }) => total));
  const totals: Row[] = [];
  const parts: Row[] = [];
  for (const [name, taken] of samples) {
    const row = rowOf(
      name,
      taken.map(({ total }) => total),
      unit,
    );
    totals.push({ ...row, ratioTo: { [reference]: round(row.median / base, 2) } });
    for (const part of new Set(taken.flatMap((sample) => Object.keys(sample.parts ?? {})))) {
      const values = taken.map((sample) => sample.parts?.[part]).filter((value) => value !== undefined);
      parts.push({ ...rowOf(`${name}: ${part}`, values, unit), ratioTo: null });
    }
  }
  return [...totals, ...parts];
}

function rowOf(name: string, values: readonly number[], unit: string): Omit<Row, 'ratioTo'> {
  return {
    case: name,
    n: values.length,
    median: round(median(values), 1),
    p95: round(percentile(values, 95), 1),
    unit,
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Nearest rank: a value that was really measured. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
