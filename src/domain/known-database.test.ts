import { expect, it } from 'vitest';
import { judgeDatabase, strangeDatabaseText } from './known-database.ts';

const ONE = '2026-11-01T08:00:00.000Z';
const OTHER = '2026-11-27T03:00:00.000Z';
const judge = (remembered: string | undefined, here: string[], rows: string[]) =>
  judgeDatabase({ identity: OTHER, remembered, here: new Set(here), rows: new Set(rows) });

it.each([
  ['on a first start: no store, nothing noted', undefined, [], [], 'new'],
  ['after an upgrade: nothing noted, its stores are here', undefined, ['a', 'b'], ['a', 'b'], 'new'],
  ['after an upgrade, beside something that a worker left behind', undefined, ['a', 'left'], ['a'], 'new'],
  ['another one on a machine without stores', ONE, [], [], 'new'],
  ['another one that knows every store here', ONE, ['a'], ['a', 'elsewhere'], 'new'],
  ['an empty one, where stores are here and nothing was noted', undefined, ['a'], [], 'strange'],
  ['an empty one, where another was noted', ONE, ['a', 'b'], [], 'strange'],
  ['an empty one in which somebody has ordered a store since', ONE, ['a', 'b', 'since'], ['since'], 'strange'],
] as const)('%s', (_, remembered, here, rows, kind) => {
  expect(judge(remembered, [...here], [...rows]).kind).toBe(kind);
});

it('tells which stores it knows nothing of', () => {
  const look = judge(ONE, ['b', 'a', 'c'], ['c']);
  expect(look.forgotten).toEqual(['a', 'b']);
  expect(strangeDatabaseText(look)).toContain('2 stores');
});
