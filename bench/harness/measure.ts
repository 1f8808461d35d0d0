import type { BenchContext, Benchmark, Figures, OpenBenchmark, Row, Sample } from './benchmark.ts';

/** Runs every case once per round, beginning with another one each time. A case that throws ends the benchmark: half a result is none. */
export async function measure(benchmark: Benchmark, open: OpenBenchmark, context: BenchContext): Promise<Figures> {
  const names = Object.keys(open.cases);
  const samples = new Map<string, Sample[]>(names.map((name) => [name, []]));
  for (let round = -benchmark.warmUps; round < benchmark.rounds; round += 1) {
    for (const at of names.keys()) {
      context.signal.throwIfAborted();
      const name = names[(at + Math.max(0, round)) % names.length] ?? '';
      const taken = [(await open.cases[name]?.(round)) ?? []].flat();
      const place = round < 0 ? 'warm-up' : `${round + 1}/${benchmark.rounds}`;
      context.say(`${place}  ${name}: ${short(median(taken.map(({ total }) => total)))} ${benchmark.unit}`);
      if (round >= 0) samples.get(name)?.push(...taken);
    }
  }
  return figuresOf(samples, benchmark);
}

/** Every line with its ratio to the same line of its reference; parts of each case in the order they came. */
export function figuresOf(
  samples: ReadonlyMap<string, readonly Sample[]>,
  { unit, reference, partUnits = {} }: Pick<Benchmark, 'unit' | 'reference' | 'partUnits'>,
): Figures {
  const valuesOf = (name: string, part?: string): number[] =>
    (samples.get(name) ?? [])
      .map(({ total, parts }) => (part === undefined ? total : parts?.[part]))
      .filter((value) => value !== undefined);
  const rowFor = (name: string, part?: string): Row => {
    const values = valuesOf(name, part);
    const against = typeof reference === 'string' ? reference : reference(name);
    const base = part !== undefined && name === against ? [] : valuesOf(against, part);
    return {
      case: part === undefined ? name : `${name}: ${part}`,
      n: values.length,
      median: short(median(values)),
      p95: short(percentile(values, 95)),
      unit: part === undefined ? unit : (partUnits[part] ?? unit),
      ratioTo: base.length === 0 ? null : { [against]: readable(median(values) / median(base)) },
    };
  };
  const names = [...samples.keys()];
  const partsOf = (name: string): string[] => [
    ...new Set((samples.get(name) ?? []).flatMap(({ parts }) => Object.keys(parts ?? {}))),
  ];
  return {
    totals: names.map((name) => rowFor(name)),
    parts: names.flatMap((name) => partsOf(name).map((part) => rowFor(name, part))),
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

/** So many digits that what is computed from it is right to the last one told. */
function short(value: number): number {
  return Number(value.toFixed(Math.abs(value) < 100 ? 2 : 1));
}

/** A ratio with two digits that say something, also of a small one. */
export function readable(ratio: number): number {
  return Number(ratio < 1 ? ratio.toPrecision(2) : ratio.toFixed(2));
}
