import { expect, test } from 'vitest';
import { aView, shopctl } from '../../../test/fakes/shopctl.ts';
import type { ShopActions } from '../shop-actions.ts';

const NOW = {
  offered: ['title', 'timezone', 'locale'] as const,
  now: {
    title: 'Roses',
    timezone: 'UTC',
    locale: 'en_US',
    country: null,
    currency: null,
    maintenance: null,
    locales: ['en_US'],
  },
};

test('store settings shows how a shop is set, sets only what is named, and asks it anew with --read', async () => {
  const asked: Parameters<ShopActions['setShop']>[0][] = [];
  const actions = {
    findStore: async () => aView(),
    readShopSettings: async () => NOW,
    setShop: async (input: Parameters<ShopActions['setShop']>[0]) => {
      asked.push(input);
      return NOW;
    },
  };

  const shown = await shopctl(['store', 'settings', 'demo', '--json'], actions);
  expect(shown.json()).toEqual(NOW);
  expect(asked).toEqual([]);

  await shopctl(['store', 'settings', 'demo', '--title', '--exec=x', '--timezone', 'Europe/Berlin'], actions);
  const { stdout } = await shopctl(['store', 'settings', 'demo', '--read'], actions);

  expect(asked).toEqual([
    { storeId: 'sto_01abc', texts: { title: '--exec=x', timezone: 'Europe/Berlin' } },
    { storeId: 'sto_01abc', texts: {} },
  ]);
  expect(stdout).toContain('Roses');
  expect(stdout).not.toContain('currency');
});
