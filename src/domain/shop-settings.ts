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

/** What a shop can begin with, where its owner says so; what is not named begins as everywhere here. */
export const SHOP_START_NAMES = ['title', 'country', 'currency', 'timezone', 'locale'] as const;
type ShopStartName = (typeof SHOP_START_NAMES)[number];
export type ShopStart = Readonly<Partial<Record<ShopStartName, string>>>;

/** What somebody typed of it; empty: as everywhere here. */
export type ShopStartTexts = Readonly<Partial<Record<ShopStartName, string | undefined>>>;

/** What shops begin with where nobody said otherwise, and the languages that are built into images here. */
export interface ShopBeginnings {
  /** `DE`, or with its state `US:CA`. */
  readonly country: string;
  readonly currency: string;
  readonly timezone: string;
  readonly locale: string;
  readonly builtLocales: readonly string[];
}

/**
 * How a new shop of a platform is to begin, in the order of `SHOP_START_NAMES`. Throws `InvalidFormError` with a sentence
 * per field, also for what its shops do not have (`offered`) and for languages that they cannot begin in (`locales`).
 */
export function parseShopStart(
  texts: ShopStartTexts,
  { offered, locales }: { readonly offered: readonly ShopSettingName[]; readonly locales: readonly string[] },
): ShopStart {
  return parseEach(SHOP_START_NAMES, texts, offered, (name, text) => {
    if (name !== 'locale') return PARSERS[name](text, undefined);
    if (locales.includes(text)) return text;
    throw new InvalidInputError(name, `New shops of this kind can begin in: ${locales.join(', ')}.`);
  });
}

/** The same as it was kept with the store; anything else that stands there is none of it. */
export function shopStartIn(facts: Readonly<Record<string, string>>): ShopStart {
  return Object.fromEntries(
    SHOP_START_NAMES.flatMap((name) => (facts[name] === undefined ? [] : [[name, facts[name]]])),
  );
}

/**
 * What is really asked for: what is empty, or as the shop has it already, is not. Throws `InvalidFormError` with a sentence
 * per field, also for what this platform's shops do not have (`offered`).
 */
export function parseShopWish(
  texts: ShopTexts,
  known: ShopSettings | undefined,
  offered: readonly ShopSettingName[],
): ShopWish {
  const changed = SHOP_SETTING_NAMES.filter((name) => texts[name] !== known?.[name]);
  const wish = parseEach(changed, texts, offered, (name, text) => PARSERS[name](text, known));
  return Object.fromEntries(changed.flatMap((name) => (isNews(wish[name], known?.[name]) ? [[name, wish[name]]] : [])));
}

const isNews = (wished: string | undefined, known: string | null | undefined): boolean =>
  wished !== undefined && wished !== known;

/** Every text that is not empty, parsed. Throws `InvalidFormError` with all that is wrong. */
function parseEach<Name extends ShopSettingName>(
  names: readonly Name[],
  texts: Readonly<Partial<Record<ShopSettingName, string | undefined>>>,
  offered: readonly ShopSettingName[],
  parse: (name: Name, text: string) => string,
): Readonly<Partial<Record<Name, string>>> {
  const parsed: [Name, string][] = [];
  const problems: Record<string, string> = {};
  for (const name of names) {
    const text = texts[name] ?? '';
    if (text.trim() === '') continue;
    try {
      if (!offered.includes(name)) throw new InvalidInputError(name, 'Shops of this kind have no such setting.');
      parsed.push([name, parse(name, text)]);
    } catch (thrown) {
      if (!(thrown instanceof InvalidInputError)) throw thrown;
      problems[name] = thrown.message;
    }
  }
  if (Object.keys(problems).length > 0) throw new InvalidFormError(problems);
  return Object.fromEntries(parsed) as Partial<Record<Name, string>>;
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
