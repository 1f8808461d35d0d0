import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { ServiceName } from '../../../src/domain/subnets.ts';
import { MINUTE } from '../../../src/lib/time.ts';
import { servicesOf } from '../../../src/stacks/index.ts';
import type { StoreView } from '../../../src/stores/present-store.ts';
import { newVisitor } from '../browser.ts';
import { composeByHand } from '../compose-by-hand.ts';
import { logIn } from '../front-door/world.ts';
import { until } from '../until.ts';
import { tracesOf } from '../world-snapshot.ts';
import { ROSE, SEARCH_PATH } from './the-shop.ts';
import { inService, type MagentoWorld, ROSES, rowOf, serviceOf, untilHealth } from './world.ts';

/** Deletes what the shop searches its products in. */
const FORGET_PRODUCTS = String.raw`
require '/usr/local/lib/shop/search.php';
[, $indices] = ask_search('/_alias/magento2_product_1', 10);
$indices === [] && exit(1);
foreach (array_keys($indices) as $index) {
    $curl = curl_init("http://search:9200/$index");
    curl_setopt_array($curl, [CURLOPT_CUSTOMREQUEST => 'DELETE', CURLOPT_RETURNTRANSFER => true, CURLOPT_PROXY => '']);
    curl_exec($curl);
    curl_getinfo($curl, CURLINFO_RESPONSE_CODE) === 200 || exit(1);
}`;

export function describeRepair(theWorld: () => MagentoWorld): void {
  describe('a shop that somebody lays hands on', () => {
    let store: StoreView;
    beforeAll(async () => {
      store = await theWorld().platform.store(ROSES.name);
    });

    const idsOf = async (): Promise<Record<string, string>> => {
      const services = Object.keys(servicesOf(await rowOf(theWorld().platform, store.id))) as ServiceName[];
      const found = await Promise.all(
        services.map(async (service) => {
          const { Id, State } = await serviceOf(theWorld().platform, store, service).inspect();
          return [service, `${Id} since ${State.StartedAt}`] as const;
        }),
      );
      return Object.fromEntries(found);
    };

    test('Compose, run by hand in its folder, changes nothing', async () => {
      const { platform } = theWorld();
      const before = await idsOf();

      await composeByHand(platform, store);

      expect(await idsOf()).toEqual(before);
    });

    test('an index that was deleted in its search engine is given back by a repair', async () => {
      const { platform } = theWorld();
      await inService(platform, store, 'web', 'php', '-r', FORGET_PRODUCTS);
      const isFound = async (): Promise<boolean> =>
        (await platform.visit(`${store.url}${SEARCH_PATH}&at=${performance.now()}`)).body.includes(ROSE.name);
      expect(await isFound()).toBe(false);

      const repaired = await platform.ok('store', 'repair', store.id, '--wait');

      expect(repaired).toMatchObject({ status: 'active', error: null, run: { kind: 'repair', status: 'done' } });
      expect(await isFound()).toBe(true);
    });

    test('containers that were removed are made again, and what was in them is still there', async () => {
      const { platform } = theWorld();
      const before = await idsOf();
      await Promise.all(
        (['web', 'search', 'sessions'] as const).map((service) =>
          serviceOf(platform, store, service).remove({ force: true }),
        ),
      );

      await until(async () => {
        const page = await platform.visit(`${store.url}${SEARCH_PATH}`).catch(() => undefined);
        return page?.body.includes(ROSE.name) === true ? true : undefined;
      }, 3 * MINUTE);

      await untilHealth(platform, store, ['healthy']);
      const after = await idsOf();
      expect([after['db'], after['cache']]).toEqual([before['db'], before['cache']]);
    });

    test('is closed at once when its owner deletes it on its page', async () => {
      const { platform, browser, home } = theWorld();
      const context = await newVisitor(browser);
      onTestFinished(() => context.close());
      const page = await context.newPage();
      await logIn(theWorld(), page, ROSES);
      await page.goto(`${home}stores/${store.id}/delete`);
      await page.locator('input[name=name]').fill(store.name);
      await page.getByRole('button', { name: `Delete store ${store.name}` }).click();
      await page.waitForURL(`${home}stores/${store.id}`);

      await platform.settled(store.id, ['deletion-scheduled']);
      const closed = await platform.visit(store.url);
      expect([closed.status, closed.body.includes(ROSE.name)]).toEqual([503, false]);
    });

    test('is deleted, and nothing of it is left but the audit log', async () => {
      const { platform } = theWorld();
      await platform.ok('store', 'delete', store.id, '--yes', '--wait');

      expect(await tracesOf(platform, store)).toEqual({});
      expect((await platform.cli('store', 'show', store.id)).exitCode).toBe(3);
      const audit = await platform.adapters.repositories.audit.list({ target: store.id });
      expect(audit.map(({ action }) => action)).toEqual(
        expect.arrayContaining(['store.created', 'store.activated', 'store.deleted']),
      );
    });
  });
}
