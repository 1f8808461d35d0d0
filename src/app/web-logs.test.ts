import { expect, test } from 'vitest';
import { createLogs } from './web-logs.ts';

test('looks at logs are counted for a customer, in however many browsers', async () => {
  const counted: string[][] = [];
  const logs = createLogs({
    ask: async () => ({ sources: [], lines: [], leftOut: 0, places: '' }),
    customerOf: async (token) => `cus_${token.slice(0, 1)}`,
    count: async (...taken) => void counted.push(taken),
  });

  for (const token of ['a-one', 'a-two', 'b-one']) await logs.read(token, 'sto_a', { tail: 1, levels: [], search: '' });

  expect(counted).toEqual([
    ['logs-of-customer', 'cus_a'],
    ['logs-of-customer', 'cus_a'],
    ['logs-of-customer', 'cus_b'],
  ]);
});
