import { expect, test } from 'vitest';
import { subnetsOverlap } from './routed-subnets.ts';

test.each([
  ['10.210.0.0/27', '10.210.0.0/16', true],
  ['10.210.0.0/16', '10.210.0.32/27', true],
  ['10.210.0.0/27', '10.210.0.32/27', false],
  ['10.210.0.32/27', '172.17.0.0/16', false],
  ['10.0.0.0/8', '10.255.255.255/32', true],
])('%s and %s share an address: %s', (one, other, overlap) => {
  expect(subnetsOverlap(one, other)).toBe(overlap);
  expect(subnetsOverlap(other, one)).toBe(overlap);
});
