import type { Config } from '../../src/config/config.ts';
import { applicationKey } from '../../src/domain/names.ts';
import type { PlatformName, Store } from '../../src/domain/store.ts';
import { stackOf } from '../../src/stacks/index.ts';
import { aStore } from './fake-world.ts';

/** What `composeVariablesOf` reads of the configuration. */
export const STORES_CONFIG = {
  instanceId: 'abc',
  dataDir: '/var/lib/shophosting',
  ports: { start: 8001, end: 8010, max: 8999, reserved: [] },
  storeSubnets: '10.210.0.0/16',
  storeUids: { start: 200_000, end: 265_535 },
  baseDomain: 'localhost',
} as unknown as Config;
export const AN_IMAGE = `sha256:${'0a'.repeat(32)}`;

/** A store that was made with these services, and with whatever applications its platform mounts. */
export function aMadeStore(platform: PlatformName, services: readonly string[]): Store {
  const applications = Object.values(stackOf(platform).applications).map((name) => [applicationKey(name), `${name}-1`]);
  const images = Object.fromEntries([...services.map((name) => [name, AN_IMAGE]), ...applications]);
  return aStore({ platform, images, customerId: 'cus_01aaaaaaaaaaaaaaaaaaaaaaaa' });
}

/** Names of a platform's services: all, or without those that not every store has. */
export const serviceNamesOf = (platform: PlatformName, { optional }: { optional: boolean }): string[] =>
  Object.entries(stackOf(platform).services).flatMap(([name, { isOptional }]) =>
    optional || isOptional !== true ? [name] : [],
  );
