import { expect, test } from 'vitest';
import { readPhpLimits, readShopSettings } from './read-shop-settings.ts';

const SAID = {
  title: 'Roses & more',
  timezone: 'Europe/Berlin',
  locale: 'de_DE',
  country: 'DE',
  currency: 'EUR',
  maintenance: 'on',
  locales: ['en_US', 'de_DE', 'de_DE_formal'],
  php: { phpMemory: 256, phpUpload: 64, phpSeconds: 120, phpInputVars: 5000, phpWorkers: 5 },
};

test('what a shop says of itself is taken where it has the shape of a setting', () => {
  expect(readShopSettings(SAID)).toEqual(SAID);
  expect(readShopSettings({ ...SAID, timezone: '+02:00', country: null, currency: null })).toMatchObject({
    timezone: '+02:00',
    country: null,
  });
});

test('whatever else stands in a shop, which is its owner’s to write, counts as not said', () => {
  const odd = {
    title: 'a\nb',
    timezone: '<b>',
    locale: 7,
    country: 'Germany',
    currency: 'x'.repeat(9),
    maintenance: 'yes',
    php: { phpMemory: '256', phpUpload: -1 },
  };
  const locales = ['de_DE', '../../etc', { a: 1 }, ...Array.from({ length: 500 }, () => 'fr_FR')];

  const read = readShopSettings({ ...odd, locales });

  expect(read).toMatchObject({
    title: '',
    timezone: 'UTC',
    locale: 'en_US',
    country: null,
    currency: null,
    maintenance: null,
    php: null,
  });
  // An older image says nothing of it.
  expect(readShopSettings({ ...SAID, php: undefined })).toMatchObject({ php: null });
  expect(read.locales).toHaveLength(300);
  expect(read.locales).not.toContain('../../etc');
  for (const answer of [undefined, null, 'text', {}, { ...SAID, locales: 'en_US' }])
    expect(() => readShopSettings(answer)).toThrow(expect.objectContaining({ code: 'shop_command_failed' }));
  for (const answer of [undefined, {}, { ...SAID.php, phpWorkers: 0 }, { ...SAID.php, phpUpload: 1.5 }])
    expect(() => readPhpLimits(answer)).toThrow(expect.objectContaining({ code: 'shop_command_failed' }));
});
