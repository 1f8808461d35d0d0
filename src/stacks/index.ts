import type { PlatformName, Store } from '../domain/store.ts';
import { magento } from './magento.ts';
import type { Stack, StackService } from './stack.ts';
import { woocommerce } from './woocommerce.ts';
import { wordpress } from './wordpress.ts';

/** Every platform that can be hosted. A new one is a file here, a folder in `stacks/` and its line. */
export const STACKS: Readonly<Record<PlatformName, Stack>> = { woocommerce, wordpress, magento };

export const stackOf = (platform: PlatformName): Stack => STACKS[platform];

/** The services that this store has: those of its platform, of the optional ones those it was made with. */
export function servicesOf(store: Pick<Store, 'platform' | 'images'>): Readonly<Record<string, StackService>> {
  const all = Object.entries(stackOf(store.platform).services);
  return Object.fromEntries(all.filter(([name, { isOptional }]) => !isOptional || store.images[name] !== undefined));
}
