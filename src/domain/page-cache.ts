import { InvalidFormError } from './errors.ts';
import type { PlatformName } from './store.ts';

/** How long the edge may show a page of a shop without asking the shop again, and in seconds. */
export const PAGE_LIFETIMES = { '1m': 60, '10m': 600, '1h': 3600, '1d': 86_400 } as const;
export type PageLifetime = keyof typeof PAGE_LIFETIMES;
export const PAGE_LIFETIME_NAMES = Object.keys(PAGE_LIFETIMES) as readonly PageLifetime[];

/** What an owner may choose of the page cache. */
export type PageCacheChoice = PageLifetime | 'off';

/** A shop tells when a page changed, so this is only for what it does not notice itself. */
export const USUAL_PAGE_LIFETIME: PageLifetime = '10m';

/** Keeps the edge the pages of such shops at all? Magento has a page cache of its own, with rules of its own. */
export const HAS_PAGE_CACHE: Readonly<Record<PlatformName, boolean>> = {
  wordpress: true,
  woocommerce: true,
  magento: false,
};

/** What holds for a store: as its owner chose, else as its platform has it. Another text than a choice counts as none. */
export function pageCacheOf(platform: PlatformName, chosen: string | null): PageCacheChoice {
  if (!HAS_PAGE_CACHE[platform]) return 'off';
  return isPageCacheChoice(chosen) ? chosen : USUAL_PAGE_LIFETIME;
}

/** What a form or command said, by name; without a lifetime, or with an empty one, it is the one of before. */
export type PageCacheTexts = Readonly<Partial<Record<PageCacheField, string>>>;
export const PAGE_CACHE_FIELDS = ['pageCache', 'pageLifetime'] as const;
export type PageCacheField = (typeof PAGE_CACHE_FIELDS)[number];

/** What is chosen, from what is now. Throws `InvalidFormError` with a sentence per field. */
export function parsePageCache(
  { pageCache, pageLifetime = '' }: PageCacheTexts,
  now: PageCacheChoice,
): PageCacheChoice {
  if (pageCache === 'off') return 'off';
  if (pageCache !== 'on') throw new InvalidFormError({ pageCache: 'The page cache is on or off.' });
  if (pageLifetime.trim() === '') return now === 'off' ? USUAL_PAGE_LIFETIME : now;
  const lifetime = PAGE_LIFETIME_NAMES.find((name) => name === pageLifetime.trim());
  if (lifetime !== undefined) return lifetime;
  throw new InvalidFormError({ pageLifetime: `Choose one of these: ${PAGE_LIFETIME_NAMES.join(', ')}.` });
}

const isPageCacheChoice = (text: string | null): text is PageCacheChoice =>
  text === 'off' || PAGE_LIFETIME_NAMES.some((name) => name === text);
