import { describe, expect, it } from 'vitest';
import type { Benchmark } from './benchmark.ts';
import { measure, median, percentile, rowsOf } from './measure.ts';
import { asMarkdown, chart } from './report.ts';

const context = { signal: new AbortController().signal, say: () => undefined };

function aBenchmark(changes: Partial<Benchmark> = {}): Benchmark {
  return {
    title: 'From here to there.',
    unit: 'ms',
    rounds: 3,
    warmUps: 1,
    notes: ['Assumed: nothing.'],
    reference: 'ours',
    open: () => Promise.reject(new Error('not opened here')),
    ...changes,
  };
}

describe('measure', () => {
  it('interleaves the cases, begins with another one each round, and throws the warm-up away', async () => {
    const order: string[] = [];
    const take = (name: string) => async (round: number) => {
      order.push(name);
      return { total: round < 0 ? 1_000_000 : 10 };
    };

    const rows = await measure(
      aBenchmark(),
      { cases: { ours: take('ours'), other: take('other') }, close: async () => undefined },
      context,
    );

    expect(order.join(' ')).toBe('ours other ours other other ours ours other');
    expect(rows.map(({ n, median: middle }) => [n, middle])).toEqual([
      [3, 10],
      [3, 10],
    ]);
  });
});

describe('figures', () => {
  it('the median of an even count is the mean of the middle two; p95 was really measured', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([3, 1, 2])).toBe(2);
    expect(percentile([5, 1, 4, 2, 3, 10, 9, 8, 7, 6], 95)).toBe(10);
    expect(percentile([7], 95)).toBe(7);
  });

  it('each case is told in relation to the reference, and broken down by its parts', () => {
    const rows = rowsOf(
      new Map([
        [
          'ours',
          [
            { total: 100, parts: { install: 60 } },
            { total: 200, parts: { install: 80 } },
          ],
        ],
        ['seed', [{ total: 450 }]],
      ]),
      aBenchmark(),
    );

    expect(rows).toEqual([
      { case: 'ours', n: 2, median: 150, p95: 200, unit: 'ms', ratioTo: { ours: 1 } },
      { case: 'seed', n: 1, median: 450, p95: 450, unit: 'ms', ratioTo: { ours: 3 } },
      { case: 'ours: install', n: 2, median: 70, p95: 80, unit: 'ms', ratioTo: null },
    ]);
    expect(chart(rows)[1]).toMatch(/^seed {11}█{50} 450 ms$/);
    expect(asMarkdown({ name: 'x', machine: { node: 'v20' }, rows }, aBenchmark(), '2026-11-23')).toContain(
      '| seed | 1 | 450 ms | 450 ms | 3 × ours |',
    );
  });
});
