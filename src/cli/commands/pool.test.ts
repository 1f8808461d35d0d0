import { expect, test } from 'vitest';
import { shopctl } from '../../../test/fakes/shopctl.ts';
import type { PoolView } from '../pool-actions.ts';

const POOL: PoolView = {
  platform: 'woocommerce',
  plan: 'starter',
  wished: 5,
  sizedBy: 'operator',
  ready: 4,
  making: 1,
  leaving: 0,
};

test('status says how many wait, are made and leave', async () => {
  const { stdout } = await shopctl(['pool', 'status'], { poolStatus: async () => [POOL] });
  expect(stdout).toMatch(/woocommerce\s+starter\s+5\s+operator\s+4\s+1\s+0/);
});

test('resize and drain are of a platform and plan; of a plan without its platform they are of none', async () => {
  const asked: unknown[] = [];
  const actions = {
    resizePool: async (input: unknown) => {
      asked.push(input);
      return [POOL];
    },
    drainPool: async (input: unknown) => {
      asked.push(input);
      return { drained: 2 };
    },
  };
  await shopctl(['pool', 'resize', 'woocommerce', '5'], actions);
  await shopctl(['pool', 'resize', 'woocommerce', 'auto', '--plan', 'business'], actions);
  await shopctl(['pool', 'drain'], actions);
  await shopctl(['pool', 'drain', 'woocommerce', '--plan', 'business'], actions);
  expect(asked).toEqual([
    { platform: 'woocommerce', size: '5' },
    { platform: 'woocommerce', size: 'auto', plan: 'business' },
    {},
    { platform: 'woocommerce', plan: 'business' },
  ]);

  const { code, stderr } = await shopctl(['pool', 'drain', '--plan', 'business'], actions);
  expect([code, stderr]).toEqual([2, expect.stringContaining('Say of which platform')]);
  expect(asked).toHaveLength(4);
});

test('golden verify ends with its own code when a snapshot is not as it was kept', async () => {
  const whole = { platform: 'wordpress', key: '0123456789abcdef', differs: null };
  const verify = (differs: string | null) =>
    shopctl(['golden', 'verify'], { verifySnapshots: async () => [whole, { ...whole, differs }] });

  expect((await verify(null)).code).toBe(0);
  expect((await verify('uploads/a.txt')).code).toBe(7);
});
