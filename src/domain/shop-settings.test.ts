import { describe, expect, it } from 'vitest';
import { InvalidFormError } from './errors.ts';
import { parseShopWish, SHOP_SETTING_NAMES, type ShopSettings } from './shop-settings.ts';

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
