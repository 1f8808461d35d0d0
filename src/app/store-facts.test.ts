import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { aStore } from '../../test/fakes/fake-world.ts';
import { renderEnv } from '../adapters/filesystem/compose-files.ts';
import type { Config } from '../config/config.ts';
import { applicationKey } from '../domain/names.ts';
import type { PlatformName, Store } from '../domain/store.ts';
import { packageRoot } from '../lib/package-root.ts';
import { STACKS, stackOf } from '../stacks/index.ts';
import { composeVariablesOf } from './store-facts.ts';

const CONFIG = {
  instanceId: 'abc',
  dataDir: '/var/lib/shophosting',
  ports: { start: 8001, end: 8010, max: 8999, reserved: [] },
  storeSubnets: '10.210.0.0/16',
  storeUids: { start: 200_000, end: 265_535 },
  baseDomain: 'localhost',
} as unknown as Config;
const IMAGE = `sha256:${'0a'.repeat(32)}`;

function madeOf(platform: PlatformName, services: readonly string[]): Store {
  const applications = Object.values(stackOf(platform).applications).map((name) => [applicationKey(name), `${name}-1`]);
  const images = Object.fromEntries([...services.map((name) => [name, IMAGE]), ...applications]);
  return aStore({ platform, images, customerId: 'cus_01aaaaaaaaaaaaaaaaaaaaaaaa' });
}

const servicesOf = (platform: PlatformName, isWanted: (isOptional: boolean) => boolean): string[] =>
  Object.entries(stackOf(platform).services).flatMap(([name, { isOptional }]) =>
    isWanted(isOptional === true) ? [name] : [],
  );

describe('what Compose puts into the file of a store', () => {
  test.each(Object.keys(STACKS) as PlatformName[])(
    'of %s is all that the file asks for, with and without',
    (platform) => {
      const file = readFileSync(`${packageRoot()}/stacks/${stackOf(platform).folder}/compose.yml`, 'utf8');
      const needed = [...file.matchAll(/\$\{([A-Z_]+):\?\}/g)].map((match) => match[1]);

      for (const isWanted of [() => true, (isOptional: boolean) => !isOptional]) {
        const variables = composeVariablesOf(CONFIG, madeOf(platform, servicesOf(platform, isWanted)));

        expect(Object.keys(variables)).toEqual(expect.arrayContaining(needed));
        expect(renderEnv(variables)).toContain(`STORE_ID=${aStore().id}\n`);
      }
    },
  );

  test('names the services that not every store has only where the store was made with them', () => {
    const usual = servicesOf('magento', (isOptional) => !isOptional);

    expect(composeVariablesOf(CONFIG, madeOf('magento', usual))).not.toHaveProperty('COMPOSE_PROFILES');
    expect(composeVariablesOf(CONFIG, madeOf('magento', [...usual, 'queue', 'varnish']))).toMatchObject({
      COMPOSE_PROFILES: 'queue,varnish',
      QUEUE_HOST: 'queue',
      VARNISH_HOST: 'varnish',
      VARNISH_IMAGE: IMAGE,
    });
  });
});
