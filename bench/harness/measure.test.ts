import { describe, expect, it } from 'vitest';
import type { Benchmark } from './benchmark.ts';
import { figuresOf, measure, median, percentile } from './measure.ts';
import { asMarkdown } from './report.ts';

const context = { signal: new AbortController().signal, say: () => undefined, platform: undefined };

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

    const { totals } = await measure(
      aBenchmark(),
      { cases: { ours: take('ours'), other: take('other') }, close: async () => undefined },
      context,
    );

    expect(order.join(' ')).toBe('ours other ours other other ours ours other');
    expect(totals.map(({ n, median: middle }) => [n, middle])).toEqual([
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
    const figures = figuresOf(
      new Map([
        [
          'ours',
          [
            { total: 100, parts: { install: 60 } },
            { total: 200, parts: { install: 80 } },
          ],
        ],
        ['seed', [{ total: 450, parts: { copy: 9 } }]],
      ]),
      aBenchmark(),
    );

    expect(figures).toEqual({
      totals: [
        { case: 'ours', n: 2, median: 150, p95: 200, unit: 'ms', ratioTo: { ours: 1 } },
        { case: 'seed', n: 1, median: 450, p95: 450, unit: 'ms', ratioTo: { ours: 3 } },
      ],
      parts: [
        { case: 'ours: install', n: 2, median: 70, p95: 80, unit: 'ms', ratioTo: null },
        { case: 'seed: copy', n: 1, median: 9, p95: 9, unit: 'ms', ratioTo: null },
      ],
    });
    expect(
      asMarkdown(
        { name: 'x', command: 'npm run bench -- x --write', machine: { node: 'v20' }, figures },
        aBenchmark(),
        '2026-11-23',
      ),
    ).toContain('| seed | 1 | 450 ms | 450 ms | 3 × ours |');
  });

  it('a case may have a reference of its own, several samples a round, and parts in other units', () => {
    const samples = new Map([
      ['page', [{ total: 4, parts: { bytes: 2000 } }, { total: 6 }]],
      ['page, plain', [{ total: 2 }, { total: 2 }]],
    ]);

    const { totals, parts } = figuresOf(samples, {
      unit: 'ms',
      reference: (name) => `${name.replace(', plain', '')}, plain`,
      partUnits: { bytes: 'B' },
    });

    expect(totals.map(({ n, ratioTo }) => [n, ratioTo])).toEqual([
      [2, { 'page, plain': 2.5 }],
      [2, { 'page, plain': 1 }],
    ]);
    expect(parts).toEqual([{ case: 'page: bytes', n: 1, median: 2000, p95: 2000, unit: 'B', ratioTo: null }]);
  });
});
