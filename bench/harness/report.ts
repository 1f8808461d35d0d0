import type { Benchmark, BenchResult, Figures, Row } from './benchmark.ts';
import type { Timeline } from './draw-timeline.ts';

/** The result for a terminal. */
export function asTable({ totals, parts }: Figures): string {
  const rows = [...totals, ...parts];
  const width = Math.max(...rows.map((row) => row.case.length));
  return rows
    .map((row) => {
      const ratio =
        row.ratioTo === null
          ? ''
          : Object.entries(row.ratioTo)
              .map(([name, value]) => `  ${value} × ${name}`)
              .join('');
      return `${row.case.padEnd(width)}  median ${figure(row.median)}  p95 ${figure(row.p95)} ${row.unit}  n=${row.n}${ratio}`;
    })
    .join('\n');
}

/** The page `docs/benchmarks/NAME.md`: figures, chart, machine, command. */
export function asMarkdown(result: BenchResult, benchmark: Benchmark, date: string): string {
  const { totals, parts } = result.figures;
  return [
    `# ${result.name}`,
    '',
    benchmark.title,
    '',
    `Measured on ${date} with \`${result.command}\`; cases interleaved, ${roundsOf(benchmark)}.`,
    '',
    ...table(totals),
    '',
    `![${totals.map((row) => `${row.case}: ${row.median} ${row.unit}`).join('; ')}](${result.name}.svg)`,
    ...(timelinesOf(result, benchmark).length === 0
      ? []
      : ['', `![What follows what, of the medians below](${result.name}-timeline.svg)`]),
    ...(parts.length === 0 ? [] : ['', `## ${benchmark.partsTitle ?? 'Where the time goes'}`, '', ...table(parts)]),
    '',
    '## What to know about these figures',
    '',
    ...benchmark.notes.map((note) => `- ${note}`),
    '',
    '## The machine',
    '',
    ...Object.entries(result.machine).map(([name, fact]) => `- ${name}: ${fact}`),
    '',
  ].join('\n');
}

/** By the medians, of the cases that were measured. */
export function timelinesOf({ figures }: Pick<BenchResult, 'figures'>, { timelines }: Benchmark): Timeline[] {
  if (timelines === undefined) return [];
  return timelines.cases.flatMap((name) => {
    const total = figures.totals.find((row) => row.case === name);
    if (total === undefined) return [];
    const parts = timelines.parts.flatMap((part) => {
      const row = figures.parts.find((row) => row.case === `${name}: ${part}`);
      return row === undefined ? [] : [{ name: part, length: row.median }];
    });
    return [{ title: name, unit: total.unit, parts, end: { name: timelines.end, at: total.median } }];
  });
}

const roundsOf = ({ rounds, warmUps }: Benchmark): string =>
  warmUps === 0 ? `${rounds} rounds, none to warm up` : `${rounds} rounds after ${warmUps} to warm up`;

function table(rows: readonly Row[]): string[] {
  return [
    '| case | n | median | p95 | ratio |',
    '|---|---:|---:|---:|---|',
    ...rows.map((row) => {
      const ratio = Object.entries(row.ratioTo ?? {}).map(([name, value]) => `${value} × ${name}`);
      return `| ${row.case} | ${row.n} | ${row.median} ${row.unit} | ${row.p95} ${row.unit} | ${ratio.join(', ')} |`;
    }),
  ];
}

function figure(value: number): string {
  return value.toFixed(1).padStart(9);
}
