import { describe, expect, it } from 'vitest';
import { InvalidFormError } from './errors.ts';
import { parseShopStart, parseShopWish, SHOP_SETTING_NAMES, type ShopSettings, shopStartIn } from './shop-settings.ts';

const NOW: ShopSettings = {
  title: 'Roses',
  timezone: 'UTC',
  locale: 'en_US',
  country: 'US',
  currency: 'USD',
  maintenance: 'off',
  locales: ['en_US', 'de_DE'],
  php: null,
};

function problemsOf(texts: Record<string, string>, offered = SHOP_SETTING_NAMES.slice()): string[] {
  try {
    parseShopWish(texts, NOW, offered);
    return [];
  } catch (thrown) {
    if (thrown instanceof InvalidFormError) return Object.keys(thrown.fields);
    throw thrown;
  }
}

describe('what is wished of a shop', () => {
  it('is only what differs from how the shop is set: the rest stays its owner’s', () => {
    const form = { title: 'Roses', timezone: 'Europe/Kyiv', locale: 'de_DE', country: 'US', currency: '' };

    expect(parseShopWish(form, NOW, SHOP_SETTING_NAMES)).toEqual({ timezone: 'Europe/Kyiv', locale: 'de_DE' });
    expect(parseShopWish({ ...NOW, locales: '' } as never, NOW, SHOP_SETTING_NAMES)).toEqual({});
    expect(parseShopWish({ title: 'New' }, undefined, SHOP_SETTING_NAMES)).toEqual({ title: 'New' });
  });

  it('is to switch maintenance only where shops have it, and it stands the other way', () => {
    expect(parseShopWish({ maintenance: 'on' }, NOW, SHOP_SETTING_NAMES)).toEqual({ maintenance: 'on' });
    expect(parseShopWish({ maintenance: 'off' }, NOW, SHOP_SETTING_NAMES)).toEqual({});
    expect(problemsOf({ maintenance: 'on' }, ['title'])).toEqual(['maintenance']);
  });

  it('is told everything that is wrong with it at once', () => {
    const wrong = {
      title: 'a\nb',
      timezone: 'Mars/Base',
      locale: 'fr_FR',
      country: 'XX',
      currency: '--exec',
      maintenance: 'yes',
    };

    expect(problemsOf(wrong)).toEqual(['title', 'timezone', 'locale', 'country', 'currency', 'maintenance']);
  });

  it('holds nothing that shops of the kind do not have, nor a language without its texts', () => {
    expect(problemsOf({ currency: 'EUR', country: 'DE', timezone: 'UTC' }, ['title', 'timezone', 'locale'])).toEqual([
      'country',
      'currency',
    ]);
    expect(() => parseShopWish({ locale: 'de_DE' }, undefined, SHOP_SETTING_NAMES)).toThrow(InvalidFormError);
  });

  it.each(['europe/berlin', 'Europe/Kiev', '__proto__', '+02:00', '../etc'])('takes %s for no time zone', (text) => {
    expect(problemsOf({ timezone: text })).toEqual(['timezone']);
  });
});

describe('what a new shop is to begin with', () => {
  const magento = { offered: SHOP_SETTING_NAMES, locales: ['en_US', 'de_DE'] };

  it('is what was said, from the closed lists that a shop is set from; what is empty is left to the platform', () => {
    const said = { title: ' Roses ', country: 'DE', currency: 'EUR', timezone: ' ', locale: 'de_DE' };
    expect(parseShopStart(said, magento)).toEqual({ title: 'Roses', country: 'DE', currency: 'EUR', locale: 'de_DE' });
    expect(parseShopStart({}, magento)).toEqual({});
  });

  it('names the languages that it can begin in, and what its kind of shop does not have', () => {
    const refused = (texts: Record<string, string>, platform: Parameters<typeof parseShopStart>[1] = magento) => {
      try {
        return parseShopStart(texts, platform);
      } catch (thrown) {
        return thrown;
      }
    };
    expect(refused({ locale: 'fr_FR' })).toMatchObject({
      fields: { locale: 'New shops of this kind can begin in: en_US, de_DE.' },
    });
    expect(refused({ currency: 'EUR' }, { offered: ['title'], locales: ['en_US'] })).toMatchObject({
      fields: { currency: 'Shops of this kind have no such setting.' },
    });
  });

  it('is read back in one order, and nothing else with it', () => {
    const kept = shopStartIn({ locale: 'de_DE', title: 'Roses', url: 'https://evil.example/' });
    expect(JSON.stringify(kept)).toBe('{"title":"Roses","locale":"de_DE"}');
  });
});
