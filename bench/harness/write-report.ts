import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Benchmark, BenchResult, Row } from './benchmark.ts';
import { drawChart } from './draw-chart.ts';
import { drawTimelines } from './draw-timeline.ts';
import { asSummary, GOALS } from './goals.ts';
import { asMarkdown, timelinesOf } from './report.ts';

/** A result as JSON: what it was measured on, and every line. */
export interface PlainResult extends Omit<BenchResult, 'figures'> {
  readonly rows: readonly Row[];
}

export const plain = ({ figures, ...others }: BenchResult): PlainResult => ({
  ...others,
  rows: [...figures.totals, ...figures.parts],
});

/**
 * Writes the page of a result, its chart and its lines into the folder, and the page that sums up all goals anew from
 * the lines that are there.
 */
export async function writeReport(
  folder: string,
  result: BenchResult,
  benchmark: Benchmark,
  date: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${result.name}.md`), asMarkdown(result, benchmark, date));
  await writeFile(join(folder, `${result.name}.svg`), drawChart(benchmark.title, result.figures.totals));
  const timelines = timelinesOf(result, benchmark);
  if (timelines.length > 0)
    await writeFile(join(folder, `${result.name}-timeline.svg`), drawTimelines(benchmark.title, timelines));
  await writeFile(join(folder, `${result.name}.json`), `${JSON.stringify(plain(result), null, 2)}\n`);
  const pages = [...new Set(GOALS.map(({ page }) => page))];
  const rows = new Map(await Promise.all(pages.map(async (page) => [page, await readRows(folder, page)] as const)));
  await writeFile(
    join(folder, 'README.md'),
    asSummary(GOALS, (page) => rows.get(page)),
  );
  console.error(`Written: docs/benchmarks/${result.name}.{md,svg,json} and README.md`);
}

/** `undefined` for what was not measured yet. */
async function readRows(folder: string, page: string): Promise<readonly Row[] | undefined> {
  const text = await readFile(join(folder, `${page}.json`), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as PlainResult).rows;
}
