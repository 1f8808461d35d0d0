import { expect, it } from 'vitest';
import { newId } from '../../lib/new-id.ts';
import { pageShelves, shelfOf } from './page-shelves.ts';

it.each([
  [0, 0],
  [1, 1],
  [63, 1],
  [64, 2],
  [256, 8],
  [1024, 32],
  [100_000, 32],
])('%i MB are divided into %i shelves, which together take no more, and hold the largest pages', (megabytes, count) => {
  const shelves = pageShelves(megabytes);

  expect(shelves.count).toBe(count);
  expect(shelves.count * shelves.megabytes).toBeLessThanOrEqual(megabytes);
  expect(count < 2 || shelves.megabytes >= 32).toBe(true);
});

it('stores are spread over all shelves alike', () => {
  const shelves = pageShelves(256);
  const stores = Array.from({ length: 4000 }, () => newId('sto'));
  const spread = stores.reduce<number[]>((counts, id) => {
    const shelf = shelfOf(id, shelves);
    return counts.with(shelf, (counts[shelf] ?? 0) + 1);
  }, Array(shelves.count).fill(0));

  for (const count of spread) expect(count).toBeGreaterThan(4000 / 16);
});
