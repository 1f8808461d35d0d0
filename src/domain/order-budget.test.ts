import { expect, it } from 'vitest';
import { DAY, HOUR } from '../lib/time.ts';
import { BUDGET, BUDGET_MEMORY_MS, type OrderCounts, usedUp, waitFor } from './order-budget.ts';

const NONE: OrderCounts = { account: 0, failuresOfName: 0, issuedForName: 0, newBelowRegistered: 0 };

it.each([
  ['account', 300, 3 * HOUR],
  ['failuresOfName', 5, HOUR],
  ['issuedForName', 5, 7 * DAY],
  ['newBelowRegistered', 50, 7 * DAY],
] as const)('%s stays below the limit of Let’s Encrypt, %i in its window', (name, limit, windowMs) => {
  const { most } = BUDGET[name];

  expect(most).toBeLessThan(limit);
  expect(BUDGET[name].windowMs).toBe(windowMs);
  expect(usedUp({ ...NONE, [name]: most - 1 })).toBeUndefined();
  expect(usedUp({ ...NONE, [name]: most })).toBe(BUDGET[name]);
});

it('what is counted is remembered for as long as it counts', () => {
  expect(Math.max(...Object.values(BUDGET).map(({ windowMs }) => windowMs))).toBeLessThanOrEqual(BUDGET_MEMORY_MS);
  expect(waitFor(BUDGET.failuresOfName)).toBeLessThanOrEqual(HOUR);
});
