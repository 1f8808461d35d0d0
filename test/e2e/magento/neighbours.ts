import { beforeAll, describe, expect, test } from 'vitest';
import type { StoreView } from '../../../src/stores/present-store.ts';
import { type MagentoWorld, OTHERS, ROSES, rowOf, TULIPS } from './world.ts';

/** `kind` is what the two others are. */
export function describeNeighbours(theWorld: () => MagentoWorld, kind: 'woocommerce' | 'wordpress'): void {
  describe(`two Magento shops beside two of ${kind}`, () => {
    let stores: StoreView[];
    beforeAll(async () => {
      const { platform } = theWorld();
      await Promise.all(OTHERS.map((name) => platform.createStore(name, { platform: kind })));
      stores = await Promise.all([ROSES.name, TULIPS, ...OTHERS].map((name) => platform.store(name)));
    });

    test('all answer, and nothing is given twice', async () => {
      const { platform } = theWorld();
      const rows = await Promise.all(stores.map(({ id }) => rowOf(platform, id)));

      for (const { url } of stores) expect([url, (await platform.visit(url)).status]).toEqual([url, 200]);
      const given: (number | string)[][] = [
        rows.map(({ port }) => port),
        rows.map(({ uid }) => uid),
        rows.map(({ network }) => network.subnet),
      ];
      for (const facts of given) {
        expect(new Set(facts).size).toBe(stores.length);
      }
    });
  });
}
