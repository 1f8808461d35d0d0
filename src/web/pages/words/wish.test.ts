import { describe, expect, test } from 'vitest';
import { FIRST_PLANS } from '../../../domain/plans.ts';
import type { Offer } from '../../services.ts';
import { choosePlatform, chooseWishedPlan, firstWish, isTooSmall, planOf, type Wish } from './wish.ts';

const offer: Pick<Offer, 'platforms' | 'plans'> = {
  platforms: [
    { name: 'woocommerce', unavailable: 'Not today.', usuallyMs: null, leastMemoryMb: 512 },
    { name: 'wordpress', unavailable: null, usuallyMs: null, leastMemoryMb: 512 },
    { name: 'magento', unavailable: null, usuallyMs: null, leastMemoryMb: 2048 },
  ],
  plans: FIRST_PLANS,
};
const untouched = firstWish(offer, undefined);
const planNameOf = (wish: Wish) => planOf(wish, offer)?.name;

describe('the form as it comes', () => {
  test('has the first platform that can be had, and no plan of its own', () => {
    expect(untouched).toEqual({ platform: 'wordpress', plan: null, said: '' });
    expect(planNameOf(untouched)).toBe('starter');
  });

  test('has what was sent before, but nothing that cannot be had', () => {
    const sent = (platform: string, plan: string) => firstWish(offer, { values: { platform, plan } });

    expect(sent('magento', 'scale')).toEqual({ platform: 'magento', plan: 'scale', said: '' });
    expect(sent('woocommerce', 'huge')).toEqual(untouched);
    expect(sent('magento', '')).toEqual({ ...untouched, platform: 'magento' });
  });

  test('has no platform where none can be had', () => {
    expect(firstWish({ ...offer, platforms: [] }, undefined).platform).toBeUndefined();
  });
});

describe('the plan follows the platform', () => {
  const magento = choosePlatform(untouched, 'magento', offer);

  test('to the smallest that is enough, and says why and for how much', () => {
    expect(planNameOf(magento)).toBe('business');
    expect(magento.said).toBe('Magento needs 2 GB of memory. The plan is now Business, €29 a month.');
  });

  test('and back, said in words too', () => {
    const back = choosePlatform(magento, 'wordpress', offer);

    expect([planNameOf(back), back.said]).toEqual(['starter', 'The plan is now Starter, €9 a month.']);
  });

  test('only where it must: a larger one that was chosen stays, and nothing is said', () => {
    const chosen = choosePlatform(chooseWishedPlan(untouched, 'scale'), 'magento', offer);

    expect([planNameOf(chosen), chosen.said]).toEqual(['scale', '']);
  });

  test('away from one that was chosen and is too small, and back to it', () => {
    const chosen = choosePlatform(chooseWishedPlan(untouched, 'starter'), 'magento', offer);

    expect(planNameOf(chosen)).toBe('business');
    expect(planNameOf(choosePlatform(chosen, 'wordpress', offer))).toBe('starter');
  });

  test('choosing a plan by hand needs no words', () => {
    expect(chooseWishedPlan(magento, 'scale')).toEqual({ platform: 'magento', plan: 'scale', said: '' });
  });

  test('those that are too small for the platform can be told', () => {
    const small = (wish: Wish) => offer.plans.filter((plan) => isTooSmall(plan, wish, offer)).map(({ name }) => name);

    expect([small(untouched), small(magento)]).toEqual([[], ['starter']]);
  });
});
