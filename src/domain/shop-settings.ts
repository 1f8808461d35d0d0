import { InvalidFormError, InvalidInputError } from './errors.ts';
import type { HeldPhpLimits, PhpLimitName } from './php-limits.ts';
import type { RunInput } from './run.ts';
import { COUNTRIES, CURRENCIES, TIMEZONES } from './shop-places.ts';
import { parseTitle } from './store-input.ts';

/** What an owner can set from here in a shop that is made, whatever it runs. */
export const SHOP_SETTING_NAMES = ['title', 'timezone', 'locale', 'country', 'currency', 'maintenance'] as const;
export type ShopSettingName = (typeof SHOP_SETTING_NAMES)[number];

/** How a shop is set, as it said itself when it was last asked. `country` and `currency` are null where nothing is sold. */
export interface ShopSettings {
  readonly title: string;
  /** `Europe/Berlin`; also an offset such as `+02:00`, where its owner chose one in the administration. */
  readonly timezone: string;
  /** `de_DE`. */
  readonly locale: string;
  /** ISO 3166, two letters. */
  readonly country: string | null;
  /** ISO 4217. */
  readonly currency: string | null;
  /** Do visitors see a note instead of the shop? Null where shops have no such mode. */
  readonly maintenance: 'on' | 'off' | null;
  /** Languages whose texts are installed in this shop. */
  readonly locales: readonly string[];
  /** What one request may take; null where the shop can be told nothing of that kind. */
  readonly php: HeldPhpLimits | null;
}

/** Only what is to change; the rest stays as its owner has it. */
export type ShopWish = Readonly<Partial<Record<ShopSettingName, string>>>;

/** What a form or command said, by name; empty: leave it. */
export type ShopTexts = Readonly<Partial<Record<ShopSettingName | PhpLimitName, string>>>;

/**
 * What is really asked for: what is empty, or as the shop has it already, is not. Throws `InvalidFormError` with a sentence
 * per field, also for what this platform's shops do not have (`offered`).
 */
export function parseShopWish(
  texts: ShopTexts,
  known: ShopSettings | undefined,
  offered: readonly ShopSettingName[],
): ShopWish {
  const wish: Partial<Record<ShopSettingName, string>> = {};
  const problems: Record<string, string> = {};
  for (const name of SHOP_SETTING_NAMES) {
    const text = texts[name] ?? '';
    if (text.trim() === '' || text === known?.[name]) continue;
    try {
      if (!offered.includes(name)) throw new InvalidInputError(name, 'Shops of this kind have no such setting.');
      const value = PARSERS[name](text, known);
      if (value !== known?.[name]) wish[name] = value;
    } catch (thrown) {
      if (!(thrown instanceof InvalidInputError)) throw thrown;
      problems[name] = thrown.message;
    }
  }
  if (Object.keys(problems).length > 0) throw new InvalidFormError(problems);
  return wish;
}

type Parser = (text: string, known: ShopSettings | undefined) => string;

const oneOf =
  (name: ShopSettingName, choices: readonly string[], sentence: string): Parser =>
  (text) => {
    if (choices.includes(text)) return text;
    throw new InvalidInputError(name, sentence);
  };

const PARSERS: Readonly<Record<ShopSettingName, Parser>> = {
  title: parseTitle,
  timezone: oneOf('timezone', TIMEZONES, 'Choose a time zone like Europe/Berlin.'),
  locale: (text, known) => {
    if (known?.locales.includes(text)) return text;
    const there = known === undefined ? '' : ` Installed are: ${known.locales.join(', ')}.`;
    throw new InvalidInputError('locale', `The texts of this language are not installed in the shop.${there}`);
  },
  country: oneOf('country', COUNTRIES, 'Choose a country by its two letters, like DE.'),
  currency: oneOf('currency', CURRENCIES, 'Choose a currency by its three letters, like EUR.'),
  maintenance: oneOf('maintenance', ['on', 'off'], 'Maintenance is on or off.'),
};

/** The wish that a run was asked for. */
export function shopWishIn(input: RunInput): ShopWish {
  const named = SHOP_SETTING_NAMES.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]]));
  return Object.fromEntries(named);
}
