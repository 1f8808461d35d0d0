import { expect, test } from 'vitest';
import type { Row } from './benchmark.ts';
import { asSummary, type Goal } from './goals.ts';

const row = (name: string, median: number, p95 = median): Row => ({
  case: name,
  n: 3,
  median,
  p95,
  unit: 'ms',
  ratioTo: null,
});

const RATIO: Goal = {
  name: 'G1',
  what: 'how much sooner',
  page: 'here',
  figure: { line: 'seed', over: 'ours' },
  aim: { atLeast: 50 },
};
const GUARD: Goal = {
  name: 'G1',
  what: 'how long at most',
  page: 'here',
  figure: { line: 'ours', of: 'p95' },
  aim: { atMost: 500 },
};

const linesOf = (rows: readonly Row[] | undefined): string[] =>
  asSummary([RATIO, GUARD], () => rows)
    .split('\n')
    .filter((line) => line.startsWith('| G'));

test('each goal is told with its aim, what was measured and whether that is enough', () => {
  expect(linesOf([row('ours', 200, 400), row('seed', 12_000)])).toEqual([
    '| G1 | how much sooner | ≥ 50 × | [60 ×](here.md) | 3 | reached |',
    '| G1 | how long at most | ≤ 500 ms | [400 ms](here.md) | 3 | reached |',
  ]);
});

test('a goal that is missed says so, by however little', () => {
  const [ratio, guard] = linesOf([row('ours', 200, 500.1), row('seed', 9_980)]);
  expect(ratio).toMatch(/49\.9 ×.* missed \|$/);
  expect(guard).toMatch(/500\.1 ms.* missed \|$/);
});

test('what was not measured is neither reached nor missed', () => {
  expect(linesOf(undefined)[0]).toBe('| G1 | how much sooner | ≥ 50 × | not yet |  |  |');
  expect(linesOf([row('ours', 1)])[0]).toContain('not yet');
});

test('a ratio that the page has is told as there, not computed anew from what the page has rounded', () => {
  const ours = { ...row('seed', 12_000), n: 2, ratioTo: { ours: 59.87 } };
  expect(linesOf([row('ours', 200), ours])[0]).toContain('[59.87 ×](here.md) | 2 | reached');
});
