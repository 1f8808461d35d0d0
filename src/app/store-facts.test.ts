import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { AN_IMAGE, aMadeStore, STORES_CONFIG, serviceNamesOf } from '../../test/fakes/a-made-store.ts';
import { aStore } from '../../test/fakes/fake-world.ts';
import { renderEnv } from '../adapters/filesystem/compose-files.ts';
import type { PlatformName } from '../domain/store.ts';
import { packageRoot } from '../lib/package-root.ts';
import { STACKS, stackOf } from '../stacks/index.ts';
import { composeVariablesOf } from './store-facts.ts';

describe('what Compose puts into the file of a store', () => {
  test.each(Object.keys(STACKS) as PlatformName[])(
    'of %s is all that the file asks for, with and without',
    (platform) => {
      const file = readFileSync(`${packageRoot()}/stacks/${stackOf(platform).folder}/compose.yml`, 'utf8');
      const needed = [...file.matchAll(/\$\{([A-Z_]+):\?\}/g)].map((match) => match[1]);

      for (const optional of [true, false]) {
        const store = aMadeStore(platform, serviceNamesOf(platform, { optional }));
        const variables = composeVariablesOf(STORES_CONFIG, store);

        expect(Object.keys(variables)).toEqual(expect.arrayContaining(needed));
        expect(renderEnv(variables)).toContain(`STORE_ID=${aStore().id}\n`);
      }
    },
  );

  test('names the services that not every store has only where the store was made with them', () => {
    const usual = serviceNamesOf('magento', { optional: false });

    expect(composeVariablesOf(STORES_CONFIG, aMadeStore('magento', usual))).not.toHaveProperty('COMPOSE_PROFILES');
    expect(composeVariablesOf(STORES_CONFIG, aMadeStore('magento', [...usual, 'queue', 'varnish']))).toMatchObject({
      COMPOSE_PROFILES: 'queue,varnish',
      QUEUE_HOST: 'queue',
      VARNISH_HOST: 'varnish',
      VARNISH_IMAGE: AN_IMAGE,
    });
  });
});
