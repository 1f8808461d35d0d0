import { expect, it } from 'vitest';
import { SECOND } from '../lib/time.ts';
import { poolSizeFor } from './pool-size.ts';

const BOUNDS = { least: 1, most: 10, makingMs: 10 * SECOND };

it.each([
  ['nobody orders', { inFiveMinutes: 0, inAnHour: 0 }, 1],
  ['one an hour', { inFiveMinutes: 0, inAnHour: 1 }, 1],
  ['one a minute: two while one is made', { inFiveMinutes: 5, inAnHour: 60 }, 1],
  ['ten a minute', { inFiveMinutes: 50, inAnHour: 60 }, 4],
  ['an hour of ten a minute that has just ended', { inFiveMinutes: 0, inAnHour: 600 }, 4],
  ['more than may wait', { inFiveMinutes: 500, inAnHour: 500 }, 10],
])('%s', (_, orders, size) => {
  expect(poolSizeFor(orders, BOUNDS)).toBe(size);
});

it('is none where none is to be', () => {
  expect(poolSizeFor({ inFiveMinutes: 500, inAnHour: 500 }, { ...BOUNDS, least: 0, most: 0 })).toBe(0);
});
