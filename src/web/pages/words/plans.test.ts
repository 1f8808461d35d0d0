import { describe, expect, it, test } from 'vitest';
import { FIRST_PLANS } from '../../../domain/plans.ts';
import type { Plan } from '../../../domain/store.ts';
import type { PlatformOffer } from '../../services.ts';
import {
  dependsOnPlatform,
  monthlyPrice,
  planLimits,
  planNeed,
  planTitle,
  pricesAbove,
  priceWithoutWish,
  tooSmallFor,
} from './plans.ts';

const SMALL: PlatformOffer = { name: 'wordpress', unavailable: null, usuallyMs: null, leastMemoryMb: 512 };
const LARGE: PlatformOffer = { name: 'magento', unavailable: null, usuallyMs: null, leastMemoryMb: 2048 };
const AWAY: PlatformOffer = { ...LARGE, unavailable: 'Not here.' };
const [STARTER, BUSINESS] = FIRST_PLANS as [Plan, Plan];
const offer = (...platforms: PlatformOffer[]) => ({ platforms, plans: FIRST_PLANS });

it('a price shows cents only where there are some', () => {
  expect([monthlyPrice({ priceCents: 900 }), monthlyPrice({ priceCents: 950 })]).toEqual(['€9', '€9.50']);
});

it('limits are in gigabytes, as people count them', () => {
  expect(planLimits({ memoryMb: 1536, diskMb: 20480 })).toBe('1.5 GB memory, 20 GB storage');
});

it('a plan is called by its name', () => {
  expect(planTitle({ name: 'starter' })).toBe('Starter');
});

describe('a platform that needs more than the usual plan has', () => {
  test('says which it needs and what that costs', () => {
    expect(planNeed(LARGE, FIRST_PLANS)).toBe('Needs the Business plan or larger: 2 GB, €29 a month.');
    expect(planNeed({ ...LARGE, leastMemoryMb: 4096 }, FIRST_PLANS)).toBe('Needs the Scale plan: 4 GB, €79 a month.');
    expect([planNeed(SMALL, FIRST_PLANS), planNeed({ ...LARGE, leastMemoryMb: 8192 }, FIRST_PLANS)]).toEqual([
      null,
      null,
    ]);
  });

  test('is named beside the plans that are too small for it, as long as it can be had', () => {
    expect(tooSmallFor(STARTER, offer(SMALL, LARGE))).toBe('Not enough for Magento.');
    expect([tooSmallFor(BUSINESS, offer(LARGE)), tooSmallFor(STARTER, offer(SMALL, AWAY))]).toEqual([null, null]);
  });

  test('makes the price depend on the platform', () => {
    expect([dependsOnPlatform(offer(SMALL, LARGE)), priceWithoutWish(offer(SMALL, LARGE))]).toEqual([true, 'from €9']);
    expect([dependsOnPlatform(offer(SMALL, AWAY)), priceWithoutWish(offer(AWAY))]).toEqual([false, null]);
  });

  test('has its price beside the usual one', () => {
    expect(pricesAbove(offer(SMALL, LARGE))).toEqual(['Magento: €29, 2 GB memory, 20 GB storage']);
    expect(pricesAbove(offer(SMALL, AWAY))).toEqual([]);
  });
});
