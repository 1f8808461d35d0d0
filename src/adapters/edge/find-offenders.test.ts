import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Route } from './edge.ts';
import { findOffenders } from './find-offenders.ts';

const routes = (names: readonly string[]): Route[] =>
  names.map((hostname) => ({ hostname, storeId: 'sto_1', port: 8001, state: 'live' }));

/** nginx as this test needs it: names with "bad" are refused, and so is the second of two that are the same. */
function ask(asked: { count: number }) {
  return (some: readonly Route[]): Promise<string | undefined> => {
    asked.count += 1;
    const names = some.map(({ hostname }) => hostname);
    const offender = names.find((name, index) => name.startsWith('bad') || names.indexOf(name) !== index);
    return Promise.resolve(offender === undefined ? undefined : `refused: ${offender}`);
  };
}

it('finds exactly those that are refused, wherever they stand, and keeps the rest in order', async () => {
  const names = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'bad1', 'bad2'), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(names, async (list) => {
      const { accepted, refused } = await findOffenders(routes(list), ask({ count: 0 }));

      const good = list.filter((name, index) => !name.startsWith('bad') && list.indexOf(name) === index);
      expect(accepted.map(({ hostname }) => hostname)).toEqual(good);
      expect(refused.length).toBe(list.length - good.length);
    }),
  );
});

it('asks about twice the logarithm for one in a thousand', async () => {
  const asked = { count: 0 };
  const names = Array.from({ length: 1000 }, (_, index) => (index === 617 ? 'bad' : `shop${index}`));

  const { refused } = await findOffenders(routes(names), ask(asked));

  expect(refused).toEqual([{ hostname: 'bad', reason: 'refused: bad' }]);
  expect(asked.count).toBeLessThanOrEqual(22);
});
