import { COUNTRIES, CURRENCIES, TIMEZONES } from '../../../domain/shop-places.ts';
import type { ShopBeginnings, ShopSettingName, ShopSettings } from '../../../domain/shop-settings.ts';

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** What a list begins with while the shop was not asked yet. */
const UNKNOWN: Choice = { value: '', label: 'As it is in the shop' };

const AS_IT_BEGINS: Choice = { value: '', label: 'As its platform begins' };

const countryNames = new Intl.DisplayNames('en', { type: 'region' });
const currencyNames = new Intl.DisplayNames('en', { type: 'currency' });
const languageNames = new Intl.DisplayNames('en', { type: 'language' });

const byLabel = (one: Choice, other: Choice): number => one.label.localeCompare(other.label, 'en');

/** The same for every shop, and sorted once. */
const PLACES = {
  country: COUNTRIES.map((value) => ({ value, label: countryNames.of(value) ?? value })).toSorted(byLabel),
  currency: CURRENCIES.map((value) => ({ value, label: `${currencyNames.of(value) ?? value} (${value})` })).toSorted(
    byLabel,
  ),
  timezone: TIMEZONES.map((value) => ({ value, label: value.replaceAll('_', ' ') })),
} as const satisfies Record<string, readonly Choice[]>;

/** `German (Germany)` for `de_DE`; what is no language to this Node is called by its code. */
function localeInWords(locale: string): string {
  const [language = '', region = ''] = locale.split('_');
  try {
    return languageNames.of(region.length === 2 ? `${language}-${region}` : language) ?? locale;
  } catch {
    return locale;
  }
}

const localeChoice = (value: string): Choice => ({ value, label: localeInWords(value) });

/** What each list offers, what the shop has now among it, whatever that is. */
export function shopChoices(now: ShopSettings | null): ShopChoices {
  return {
    timezone: withNow(PLACES.timezone, now?.timezone),
    locale: withNow((now?.locales ?? []).map(localeChoice), now?.locale),
    country: withNow(PLACES.country, now?.country),
    currency: withNow(PLACES.currency, now?.currency),
  };
}

export type PlaceName = keyof typeof PLACES;

/** What a new shop has where nobody chooses, in words, and the languages that it can begin in. */
export interface StartChoices {
  readonly usual: Readonly<Record<PlaceName, string>>;
  readonly locale: readonly Choice[];
}

/** `locales` is what some platform here can begin in; one that cannot begins as it does. */
export function startChoices(
  { country, currency, timezone }: ShopBeginnings,
  locales: readonly string[],
): StartChoices {
  return {
    usual: {
      country: labelOf('country', country.split(':')[0] ?? country),
      currency: labelOf('currency', currency),
      timezone: labelOf('timezone', timezone),
    },
    locale: locales.length === 0 ? [] : [AS_IT_BEGINS, ...locales.map(localeChoice)],
  };
}

const labelOf = (name: PlaceName, value: string): string =>
  PLACES[name].find((place) => place.value === value)?.label ?? value;

const MARKUP_OF = new Map<PlaceName, string>();

/** The whole list as the inside of a `select`, with `chosen` selected. Written down once: it has hundreds of lines. */
export function placeOptions(name: PlaceName, chosen: string): string {
  let markup = MARKUP_OF.get(name);
  if (markup === undefined) {
    const lines = PLACES[name].map(
      ({ value, label }) => `<option value="${escaped(value)}">${escaped(label)}</option>`,
    );
    markup = lines.join('');
    MARKUP_OF.set(name, markup);
  }
  return PLACES[name].some(({ value }) => value === chosen)
    ? markup.replace(`<option value="${escaped(chosen)}"`, (option) => `${option} selected=""`)
    : markup;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

export type ShopChoices = Readonly<Record<Exclude<ShopSettingName, 'title' | 'maintenance'>, readonly Choice[]>>;

function withNow(choices: readonly Choice[], now: string | null | undefined): Choice[] {
  if (now === undefined || now === null || now === '') return [UNKNOWN, ...choices];
  return choices.some(({ value }) => value === now) ? [...choices] : [{ value: now, label: now }, ...choices];
}
