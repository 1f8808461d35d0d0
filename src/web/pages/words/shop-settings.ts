import { COUNTRIES, CURRENCIES, TIMEZONES } from '../../../domain/shop-places.ts';
import type { ShopSettingName, ShopSettings } from '../../../domain/shop-settings.ts';

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** What a list begins with while the shop was not asked yet. */
const UNKNOWN: Choice = { value: '', label: 'As it is in the shop' };

const countryNames = new Intl.DisplayNames('en', { type: 'region' });
const currencyNames = new Intl.DisplayNames('en', { type: 'currency' });
const languageNames = new Intl.DisplayNames('en', { type: 'language' });

const byLabel = (one: Choice, other: Choice): number => one.label.localeCompare(other.label, 'en');

const countries = (): Choice[] =>
  COUNTRIES.map((value) => ({ value, label: countryNames.of(value) ?? value })).toSorted(byLabel);

const currencies = (): Choice[] =>
  CURRENCIES.map((value) => ({ value, label: `${currencyNames.of(value) ?? value} (${value})` })).toSorted(byLabel);

/** `German (Germany)` for `de_DE`; what is no language to this Node is called by its code. */
function localeInWords(locale: string): string {
  const [language = '', region = ''] = locale.split('_');
  try {
    return languageNames.of(region.length === 2 ? `${language}-${region}` : language) ?? locale;
  } catch {
    return locale;
  }
}

/** What each list offers, what the shop has now among it, whatever that is. */
export function shopChoices(now: ShopSettings | null): ShopChoices {
  return {
    timezone: withNow(
      TIMEZONES.map((value) => ({ value, label: value.replaceAll('_', ' ') })),
      now?.timezone,
    ),
    locale: withNow(
      (now?.locales ?? []).map((value) => ({ value, label: localeInWords(value) })),
      now?.locale,
    ),
    country: withNow(countries(), now?.country),
    currency: withNow(currencies(), now?.currency),
  };
}

export type ShopChoices = Readonly<Record<Exclude<ShopSettingName, 'title' | 'maintenance'>, readonly Choice[]>>;

function withNow(choices: Choice[], now: string | null | undefined): Choice[] {
  if (now === undefined || now === null || now === '') return [UNKNOWN, ...choices];
  return choices.some(({ value }) => value === now) ? choices : [{ value: now, label: now }, ...choices];
}
