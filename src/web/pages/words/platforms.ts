import type { PlatformName } from '../../../domain/store.ts';
import type { PlatformOffer } from '../../services.ts';
import { guessInWords } from './durations.ts';

interface PlatformText {
  readonly title: string;
  /** What it is, for people who choose one. */
  readonly what: string;
  /** What a new owner does first in its administration. */
  readonly firstThings: readonly FirstThing[];
  /** Does its administration ask everybody for a second factor, without any plugin? */
  readonly hasOwnFactor: boolean;
  /** What *Open admin* means for a second factor of the shop's; a whole sentence. */
  readonly openAdmin: string;
  /** Who sees the shop while visitors see a note; the subject of a sentence. */
  readonly whoLooks: string;
}

const OF_WORDPRESS = {
  hasOwnFactor: false,
  openAdmin: 'Whatever your shop asks for besides, such as a second factor, it still asks for.',
  whoLooks: 'An administrator who is signed in',
} as const;

export interface FirstThing {
  readonly title: string;
  /** Goes on where the title stops. */
  readonly more: string;
  /** Below the administration's own address; empty where it lets nobody in by another door. */
  readonly path: string;
}

const PLATFORM_TEXTS: Readonly<Record<PlatformName, PlatformText>> = {
  woocommerce: {
    ...OF_WORDPRESS,
    title: 'WooCommerce',
    what: 'A shop on WordPress: products, basket and orders from the first minute.',
    firstThings: [
      { title: 'Add your first product', more: 'with a price and a picture.', path: 'post-new.php?post_type=product' },
      { title: 'Set up payment and delivery', more: 'so that orders can come in.', path: 'admin.php?page=wc-settings' },
    ],
  },
  wordpress: {
    ...OF_WORDPRESS,
    title: 'WordPress',
    what: 'A site to write on first; a shop can be added to it later.',
    firstThings: [
      { title: 'Write your first page', more: 'so that visitors find something.', path: 'post-new.php' },
      { title: 'Give it a title', more: 'as your visitors shall read it.', path: 'options-general.php' },
    ],
  },
  magento: {
    title: 'Magento',
    what: 'A shop for large catalogues, with a search engine of its own.',
    // Every address below its own carries a key of the session: another one leads back to the first page.
    firstThings: [
      { title: 'Add your first product', more: 'under Catalog, Products, with a price and a picture.', path: '' },
      { title: 'Set up payment and delivery', more: 'under Stores, Configuration, Sales.', path: '' },
    ],
    hasOwnFactor: true,
    openAdmin:
      'That you have just shown us who you are stands for the second factor this once; signing in with the password asks for it as ever.',
    whoLooks: 'A browser that came in by Open admin today',
  },
};

const isKnown = (name: string): name is PlatformName => Object.hasOwn(PLATFORM_TEXTS, name);

/** Its title, or the name itself for one that this page does not know yet. */
export const platformTitle = (name: string): string => (isKnown(name) ? PLATFORM_TEXTS[name].title : name);

export const platformWhat = (name: PlatformName): string => PLATFORM_TEXTS[name].what;

/** None for a platform that this page does not know yet. */
export const firstThingsOf = (name: string): readonly FirstThing[] =>
  isKnown(name) ? PLATFORM_TEXTS[name].firstThings : [];

export const hasOwnFactor = (name: string): boolean => isKnown(name) && PLATFORM_TEXTS[name].hasOwnFactor;

export const openAdminWords = (name: string): string => (isKnown(name) ? PLATFORM_TEXTS[name].openAdmin : '');

/** `An administrator who is signed in`: the subject of a sentence. */
export const lookWords = (name: string): string => (isKnown(name) ? PLATFORM_TEXTS[name].whoLooks : 'Nobody');

/** `WooCommerce, WordPress or Magento`: those that can be had; `null` while none can. */
export function platformsInWords(platforms: readonly PlatformOffer[]): string | null {
  const titles = platforms.filter(({ unavailable }) => unavailable === null).map(({ name }) => platformTitle(name));
  return titles.length === 0 ? null : new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(titles);
}

/** How long the platform that is chosen by default usually takes, by its name; `null` before there was one. */
export function usuallyInWords(platforms: readonly PlatformOffer[]): string | null {
  const usual = platforms.find(({ unavailable }) => unavailable === null);
  if (usual === undefined || usual.usuallyMs === null) return null;
  return `${platformTitle(usual.name)} is usually ready in ${guessInWords(usual.usuallyMs)}.`;
}
