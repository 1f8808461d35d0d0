import type { PlatformName } from '../../../domain/store.ts';
import type { PlatformOffer } from '../../services.ts';
import { guessInWords } from './durations.ts';

/** What each platform is, for people who choose one. */
export const PLATFORM_TEXTS: Readonly<Record<PlatformName, { readonly title: string; readonly what: string }>> = {
  woocommerce: {
    title: 'WooCommerce',
    what: 'A shop on WordPress: products, basket and orders from the first minute.',
  },
  wordpress: { title: 'WordPress', what: 'A site to write on first; a shop can be added to it later.' },
  magento: { title: 'Magento', what: 'For large catalogues and many storefronts.' },
};

/** Its title, or the name itself for one that this page does not know yet. */
export function platformTitle(name: string): string {
  return name in PLATFORM_TEXTS ? PLATFORM_TEXTS[name as PlatformName].title : name;
}

/** How long the platform that is chosen by default usually takes; `null` before there was one. */
export function usuallyInWords(platforms: readonly PlatformOffer[]): string | null {
  const usuallyMs = platforms.find(({ unavailable }) => unavailable === null)?.usuallyMs ?? null;
  return usuallyMs === null ? null : guessInWords(usuallyMs);
}
