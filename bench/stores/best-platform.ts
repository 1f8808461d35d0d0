import type { PlatformName } from '../../src/domain/store.ts';
import type { TestPlatform } from '../../test/e2e/platform.ts';

/** A shop where this machine has the archive, else what a shop is built on. */
export async function bestPlatform(platform: TestPlatform): Promise<PlatformName> {
  return (await platform.adapters.artifacts.find('woocommerce')) === undefined ? 'wordpress' : 'woocommerce';
}
