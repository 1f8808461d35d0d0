import { expect, test } from 'vitest';
import { aView, shopctl } from '../../../test/fakes/shopctl.ts';
import { phpChoices } from '../../domain/php-limits.ts';
import { FIRST_PLANS } from '../../domain/plans.ts';
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
    php: { phpMemory: 256, phpUpload: 64, phpSeconds: 120, phpInputVars: 5000, phpWorkers: 5 },
  },
  phpChoices: phpChoices('wordpress', 'starter', FIRST_PLANS),
};

test('store settings shows how a shop is set, sets only what is named, and asks it anew with --read', async () => {
  const asked: Parameters<ShopActions['setShop']>[0][] = [];
  const actions = {
    findStore: async () => aView(),
    readShopSettings: async () => NOW,
    setShop: async (input: Parameters<ShopActions['setShop']>[0]) => {
      asked.push(input);
      return { ...NOW, isAsked: input.texts.timezone !== 'UTC' };
    },
  };

  const shown = await shopctl(['store', 'settings', 'demo', '--json'], actions);
  expect(shown.json()).toEqual(NOW);
  expect(asked).toEqual([]);

  await shopctl(
    ['store', 'settings', 'demo', '--title', '--exec=x', '--timezone', 'Europe/Berlin', '--php-upload', '128'],
    actions,
  );
  const { stdout } = await shopctl(['store', 'settings', 'demo', '--read'], actions);
  const same = await shopctl(['store', 'settings', 'demo', '--timezone', 'UTC'], actions);

  expect(asked).toEqual([
    { storeId: 'sto_01abc', texts: { title: '--exec=x', timezone: 'Europe/Berlin', phpUpload: '128' } },
    { storeId: 'sto_01abc', texts: {} },
    { storeId: 'sto_01abc', texts: { timezone: 'UTC' } },
  ]);
  expect(stdout).toContain('Roses');
  expect(stdout).toContain('largest upload, MB\t64 (up to 128 with this plan)');
  expect([stdout, same.stdout].map((text) => text.includes('isAsked'))).toEqual([false, false]);
  expect(same.stderr).toContain('It is set so already.');
  expect(stdout).not.toContain('currency');
});
