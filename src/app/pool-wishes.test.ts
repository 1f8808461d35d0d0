import { expect, test } from 'vitest';
import { FIRST_PLANS } from '../domain/plans.ts';
import { FIRST_PLATFORM_SETTINGS, type PlatformSettings } from '../domain/platform-settings.ts';
import type { PlatformName } from '../domain/store.ts';
import { MINUTE } from '../lib/time.ts';
import { poolWishes } from './pool-wishes.ts';

type Orders = readonly { readonly platform: PlatformName; readonly plan: string; readonly count: number }[];

/** As `platform plan size`, of pools that are not empty. */
async function wished({
  least = 1,
  most = 10,
  poolSizes = {},
  usual = 'starter',
  inFiveMinutes = [],
  inAnHour = inFiveMinutes,
}: {
  least?: number;
  most?: number;
  poolSizes?: PlatformSettings['poolSizes'];
  usual?: string;
  inFiveMinutes?: Orders;
  inAnHour?: Orders;
}): Promise<string[]> {
  const wishes = await poolWishes({
    config: { pool: { least, most } },
    repositories: {
      platformSettings: { read: async () => ({ ...FIRST_PLATFORM_SETTINGS, poolSizes }) },
      plans: { list: async () => FIRST_PLANS.map((plan) => ({ ...plan, isDefault: plan.name === usual })) },
      stores: {
        countOrderedSince: async (since) =>
          Date.now() - since.getTime() > 6 * MINUTE ? [...inAnHour] : [...inFiveMinutes],
      },
    },
  });
  return wishes.filter(({ size }) => size > 0).map(({ platform, plan, size }) => `${platform} ${plan} ${size}`);
}

const ordered = (plan: string, count: number): Orders => [{ platform: 'woocommerce', plan, count }];

test('one of the usual plan waits of each platform that can be made ahead, whatever is usual', async () => {
  expect((await wished({})).toSorted()).toEqual(['woocommerce starter 1', 'wordpress starter 1']);
  expect((await wished({ usual: 'business' })).toSorted()).toEqual(['woocommerce business 1', 'wordpress business 1']);
});

test('of another plan those wait that are ordered, and of that platform alone', async () => {
  const usual = ['woocommerce starter 1', 'wordpress starter 1'];
  expect(await wished({ inAnHour: ordered('business', 1) })).toEqual(
    expect.arrayContaining([...usual, 'woocommerce business 1']),
  );
  expect((await wished({ inFiveMinutes: ordered('business', 60) })).toSorted()).toEqual(
    [...usual, 'woocommerce business 4'].toSorted(),
  );
  expect(await wished({ inFiveMinutes: ordered('business', 6000) })).toContain('woocommerce business 10');
  expect(await wished({ inFiveMinutes: ordered('gone', 60) })).toHaveLength(2);
});

test('a shop of a platform that an operator sets up by hand waits where one is ordered, or wished for', async () => {
  const inAnHour: Orders = [{ platform: 'magento', plan: 'business', count: 1 }];
  expect(await wished({ inAnHour })).toContain('magento business 1');
  expect(await wished({ poolSizes: { magento: { business: 2 } } })).toContain('magento business 2');
});

test('an operator’s word stands above orders, of the plan that it was said of alone', async () => {
  const poolSizes = { woocommerce: { business: 3, starter: 0, gone: 9 } };
  expect((await wished({ poolSizes, inFiveMinutes: ordered('business', 600) })).toSorted()).toEqual([
    'woocommerce business 3',
    'wordpress starter 1',
  ]);
});

test('with none wished for, none waits of any plan, however many are ordered', async () => {
  expect(await wished({ least: 0, inFiveMinutes: ordered('business', 600) })).toEqual([]);
  expect(await wished({ least: 0, poolSizes: { wordpress: { scale: 2 } } })).toEqual(['wordpress scale 2']);
});

test('the usual plan of a platform is named first', async () => {
  const poolSizes = { wordpress: { starter: 1, business: 1, scale: 1 } };
  const ofWordPress = async (usual: string) =>
    (await wished({ poolSizes, usual })).filter((each) => each.startsWith('wordpress'));
  expect((await ofWordPress('scale'))[0]).toBe('wordpress scale 1');
  expect((await ofWordPress('starter'))[0]).toBe('wordpress starter 1');
});
