import type { Origin } from './origin.ts';
import type { ShopStart } from './shop-settings.ts';
import type { PlatformName } from './store.ts';

/** A store to be: parsed, and safe to derive names from. Only whether its names are free is not known yet. Its origin is who asked for it. */
export interface NewStore extends Origin {
  readonly customerId: string;
  readonly name: string;
  readonly title: string;
  /** What its shop is to begin with, where that was said; with its title, if that was. */
  readonly start: ShopStart;
  readonly platform: PlatformName;
  readonly plan: string;
  readonly adminPath: string;
  readonly domain: string;
  readonly wishedDomain: string | null;
  readonly now: Date;
}
