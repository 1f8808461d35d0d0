import { expect, it } from 'vitest';
import { shopctl } from '../../../test/fakes/shopctl.ts';
import { FIRST_PLANS } from '../../domain/plans.ts';

it('plan set asks for exactly what is named, and says what running stores keep', async () => {
  const asked: unknown[] = [];
  const [plan] = FIRST_PLANS;
  if (plan === undefined) throw new Error('There are no first plans.');
  const changePlan = async (...wish: unknown[]) => {
    asked.push(wish);
    return plan;
  };
  const done = await shopctl(['plan', 'set', 'starter', '--price-cents', '1200', '--cpu', '1500'], { changePlan });
  const wrong = await shopctl(['plan', 'set', 'starter', '--cpu', '1.5'], { changePlan });

  expect(asked).toEqual([['starter', { priceCents: 1200, cpuMillis: 1500 }]]);
  expect([done.code, wrong.code]).toEqual([0, 2]);
  expect(done.stderr).toContain('keep what they have');
});
