import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MINUTE } from '../../../src/lib/time.ts';
import type { StoreView } from '../../../src/stores/present-store.ts';
import { shopAsItIs } from '../ahead/shop-as-it-is.ts';
import {
  expectComposeToAgree,
  expectNothingOfNobodys,
  membersOf,
  untilSnapshotOf,
  whatRuns,
  wordsOfStart,
} from '../ahead/world.ts';
import { until } from '../until.ts';
import { killWorkersWithin, untilAllDone, untilTwoWorkers } from '../workers.ts';
import { tracesOf } from '../world-snapshot.ts';
import { adminOf, expectRightPassword } from './administration.ts';
import { makeWith } from './queue-and-page-cache.ts';
import { inService, type MagentoWorld, shopQuery } from './world.ts';

const PLAN = 'business';

const LIST_QUEUES = [
  ...['env', 'HOME=/run/rabbitmq', 'RABBITMQ_NODENAME=shop@localhost', 'RABBITMQ_DIST_PORT=25672'],
  ...['/usr/lib/rabbitmq/bin/rabbitmqctl', '--quiet', 'list_queues', 'name'],
];

/** What an upgrade does about indexes. */
const SET_UP_INDEXES = `
require '/usr/local/lib/shop/commands/command.php';
$context = magento()->create(Magento\\Setup\\Model\\ModuleContext::class, ['version' => '']);
$setup = magento()->create(Magento\\Setup\\Module\\Setup::class, ['resource' => magento()->get(Magento\\Framework\\App\\ResourceConnection::class)]);
magento()->get(Magento\\Indexer\\Setup\\Recurring::class)->install($setup, $context);`;

/** Last, since it starts the platform anew, with snapshots. */
export function describeMadeAhead(theWorld: () => MagentoWorld): void {
  describe('a shop that is made ahead', () => {
    /** One that was installed, one that was copied, and one that had waited. */
    const all: StoreView[] = [];
    let asInstalled: Awaited<ReturnType<typeof expectOpen>>;
    const aReadyOne = () =>
      until(
        async () =>
          (await membersOf(theWorld().platform)).find(
            ({ status, platform }) => status === 'ready' && platform === 'magento',
          ),
        2 * MINUTE,
      );

    test('is, as a copy, what an installation would have been but for secrets and moments', async () => {
      const { platform } = theWorld();
      const installed = await makeWith(theWorld(), 'installed-shop', ['rabbitmq']);
      expect(await wordsOfStart(platform, installed)).not.toContain('copied from a shop');
      asInstalled = await expectOpen(installed);
      all.push(installed);
      await platform.startAgain({ GOLDEN_SNAPSHOTS: '1', MAGENTO_SERVICES: 'queue' });
      await untilSnapshotOf(platform, 'magento');

      const copied = await platform.createStore('copied-shop', { platform: 'magento', plan: PLAN });

      expect(await wordsOfStart(platform, copied)).toContain('copied from a shop');
      expect(await expectOpen(copied)).toEqual(asInstalled);
      await expectComposeToAgree(platform, copied);
      all.push(copied);
    });

    test('waits without a way in, and is its owner’s whoever dies while it is handed over: no container is made anew', async () => {
      const { platform } = theWorld();
      await platform.ok('pool', 'resize', 'magento', '1', '--plan', PLAN);
      const ready = await aReadyOne();
      expect(await shopQuery(platform, ready, 'SELECT username FROM admin_user')).toBe('');
      const before = await whatRuns(platform, ready);
      await untilTwoWorkers(platform);

      const { id } = await platform.createStore('claimed-shop', { platform: 'magento', plan: PLAN, wait: false });
      expect(id).toBe(ready.id);
      await killWorkersWithin(platform, id, 'install-application');
      const claimed = await untilAllDone(platform, id);

      expect(await whatRuns(platform, claimed)).toEqual(before);
      expect(await expectOpen(claimed)).toEqual(asInstalled);
      await expectComposeToAgree(platform, claimed);
      all.push(claimed);
    });

    test('has secrets of its own; its snapshot has none', async () => {
      const { platform } = theWorld();
      const secretsOf = async (store: StoreView): Promise<string[]> => [
        await inService(platform, store, 'web', 'cat', '/run/secrets/shop/application-key'),
        await inService(platform, store, 'web', 'cat', '/run/secrets/shop/db-password'),
        (await adminOf(platform, store)).password,
        await shopQuery(platform, store, "SELECT value FROM core_config_data WHERE path LIKE '%duo/application_key'"),
      ];
      expect(new Set((await Promise.all(all.map(secretsOf))).flat()).size).toBe(12);

      // Signed by their own keys: else an upgrade makes all their indexes anew.
      for (const store of all) {
        const signatures = () => shopQuery(platform, store, 'SELECT indexer_id, hash_config FROM indexer_state');
        const before = await signatures();
        await inService(platform, store, 'web', 'php', '-r', SET_UP_INDEXES);
        expect(await signatures()).toBe(before);
      }

      const { items } = (await platform.ok('golden', 'verify')) as { items: { platform: string; key: string }[] };
      const { key = '' } = items.find((snapshot) => snapshot.platform === 'magento') ?? {};
      expect(await readdir(join(platform.config.customersDir, 'golden', key, 'data/etc'))).toEqual(['shop.json']);
    });

    test('leaves nothing behind, nor does one that still waits', async () => {
      const { platform } = theWorld();
      await aReadyOne();
      for (const store of all) {
        await platform.ok('store', 'delete', store.id, '--yes');
        await platform.gone(store.id);
        expect(await tracesOf(platform, store)).toEqual({});
      }
      await platform.ok('pool', 'resize', 'magento', '0', '--plan', PLAN);
      await until(async () => ((await membersOf(platform)).length === 0 ? true : undefined), MINUTE);
      await expectNothingOfNobodys(platform);
    });

    /** Open to visitors, and to its owner in its administration alone. What it then is, and which queues it has. */
    async function expectOpen(store: StoreView) {
      const { platform } = theWorld();
      const front = await platform.visit(store.url);
      expect([front.status, front.body.includes('Magento_Theme')]).toEqual([200, true]);
      expect((await platform.visit(`${store.url}nobody/`)).status).toBe(404);
      expect((await platform.visit(store.adminUrl)).status).toBe(200);
      await expectRightPassword(platform, store);
      const queues = (await inService(platform, store, 'queue', ...LIST_QUEUES)).split('\n').toSorted();
      expect(queues.length).toBeGreaterThan(3);
      return { ...(await shopAsItIs(platform, store)), queues };
    }
  });
}
