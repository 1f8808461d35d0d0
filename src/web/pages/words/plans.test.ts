import { expect, it } from 'vitest';
import { monthlyPrice, planLimits, planTitle } from './plans.ts';

it('a price shows cents only where there are some', () => {
  expect([monthlyPrice({ priceCents: 900 }), monthlyPrice({ priceCents: 950 })]).toEqual(['€9', '€9.50']);
});

it('limits are in gigabytes, as people count them', () => {
  expect(planLimits({ memoryMb: 1536, diskMb: 20480 })).toBe('1.5 GB memory, 20 GB storage');
});

it('a plan is called by its name', () => {
  expect(planTitle({ name: 'starter' })).toBe('Starter');
});
