import { expect, test } from 'vitest';
import { type MagentoWorld, OTHERS, ROSES, rowOf, TULIPS } from './world.ts';

/** `kind` is what the two others are. */
export function describeNeighboursToBe(theWorld: () => MagentoWorld, kind: 'woocommerce' | 'wordpress'): void {
  test(`two of ${kind} are made beside the Magento shops`, async () => {
    const { platform } = theWorld();
    await Promise.all(OTHERS.map((name) => platform.createStore(name, { platform: kind })));
  });
}

/** For a moment in which nobody lays hands on any of them: a shop in its owner's maintenance answers 503, as it should. */
export function describeNeighbours(theWorld: () => MagentoWorld): void {
  test('two Magento shops and their two neighbours all answer, and nothing is given twice', async () => {
    const { platform } = theWorld();
    const stores = await Promise.all([ROSES.name, TULIPS, ...OTHERS].map((name) => platform.store(name)));
    const rows = await Promise.all(stores.map(({ id }) => rowOf(platform, id)));

    for (const { url } of stores) {
      const { status, body } = await platform.visit(url);
      expect(status, `${url} answered ${body}`).toBe(200);
    }
    const given: (number | string)[][] = [
      rows.map(({ port }) => port),
      rows.map(({ uid }) => uid),
      rows.map(({ network }) => network.subnet),
    ];
    for (const facts of given) {
      expect(new Set(facts).size).toBe(stores.length);
    }
  });
}
