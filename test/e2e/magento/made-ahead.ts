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
import { tracesOf } from '../world-snapshot.ts';
import { adminOf } from './administration.ts';
import { inService, type MagentoWorld, shopQuery } from './world.ts';

const PLAN = 'business';

/** What an upgrade does about indexes. */
const SET_UP_INDEXES = `
require '/usr/local/lib/shop/commands/command.php';
$context = magento()->create(Magento\\Setup\\Model\\ModuleContext::class, ['version' => '']);
$setup = magento()->create(Magento\\Setup\\Module\\Setup::class, ['resource' => magento()->get(Magento\\Framework\\App\\ResourceConnection::class)]);
magento()->get(Magento\\Indexer\\Setup\\Recurring::class)->install($setup, $context);`;

/** Last, since it starts the platform anew, with snapshots. */
export function describeMadeAhead(theWorld: () => MagentoWorld): void {
  describe('a shop that is made ahead', () => {
    let installed: StoreView;
    let copied: StoreView;
    let claimed: StoreView;
    const make = (name: string): Promise<StoreView> =>
      theWorld().platform.createStore(name, { platform: 'magento', plan: PLAN });
    const waiting = async (status: string) =>
      (await membersOf(theWorld().platform)).find(
        (member) => member.status === status && member.platform === 'magento',
      );

    test('is, as a copy, what an installation would have been but for secrets and moments', async () => {
      const { platform } = theWorld();
      installed = await make('installed-shop');
      expect(await wordsOfStart(platform, installed)).not.toContain('copied from a shop');
      await expectOpen(installed);
      await platform.startAgain({ GOLDEN_SNAPSHOTS: '1' });
      await untilSnapshotOf(platform, 'magento');

      copied = await make('copied-shop');

      expect(await wordsOfStart(platform, copied)).toContain('copied from a shop');
      await expectOpen(copied);
      expect(await shopAsItIs(platform, copied)).toEqual(await shopAsItIs(platform, installed));
      await expectComposeToAgree(platform, copied);
    });

    test('waits without a way in, and is its owner’s the moment it is ordered: no container is made anew', async () => {
      const { platform } = theWorld();
      await platform.ok('pool', 'resize', 'magento', '1', '--plan', PLAN);
      const ready = await until(() => waiting('ready'), 2 * MINUTE);
      expect(await shopQuery(platform, ready, 'SELECT username FROM admin_user')).toBe('');
      const before = await whatRuns(platform, ready);

      claimed = await make('claimed-shop');

      expect(claimed.id).toBe(ready.id);
      expect(await whatRuns(platform, claimed)).toEqual(before);
      await expectOpen(claimed);
      expect(await shopAsItIs(platform, claimed)).toEqual(await shopAsItIs(platform, installed));
      await expectComposeToAgree(platform, claimed);
    });

    test('has secrets of its own; its snapshot has none', async () => {
      const { platform } = theWorld();
      const secretsOf = async (store: StoreView): Promise<string[]> => [
        await inService(platform, store, 'web', 'cat', '/run/secrets/shop/application-key'),
        await inService(platform, store, 'web', 'cat', '/run/secrets/shop/db-password'),
        (await adminOf(platform, store)).password,
        await shopQuery(platform, store, "SELECT value FROM core_config_data WHERE path LIKE '%duo/application_key'"),
      ];
      const all = (await Promise.all([installed, copied, claimed].map(secretsOf))).flat();
      expect(new Set(all).size).toBe(12);

      // Signed by their own keys: else an upgrade makes all their indexes anew.
      for (const store of [copied, claimed]) {
        await inService(platform, store, 'web', 'php', '-r', SET_UP_INDEXES);
        expect(await shopQuery(platform, store, "SELECT indexer_id FROM indexer_state WHERE status <> 'valid'")).toBe(
          '',
        );
      }

      const { items } = (await platform.ok('golden', 'verify')) as { items: { platform: string; key: string }[] };
      const { key = '' } = items.find((snapshot) => snapshot.platform === 'magento') ?? {};
      expect(await readdir(join(platform.config.customersDir, 'golden', key, 'data/etc'))).toEqual(['shop.json']);
    });

    test('leaves nothing behind, nor does one that still waits', async () => {
      const { platform } = theWorld();
      await until(() => waiting('ready'), 2 * MINUTE);
      await platform.ok('store', 'delete', claimed.id, '--yes');
      await platform.gone(claimed.id);
      expect(await tracesOf(platform, claimed)).toEqual({});
      await platform.ok('pool', 'resize', 'magento', '0', '--plan', PLAN);
      await until(async () => ((await membersOf(platform)).length === 0 ? true : undefined), MINUTE);
      await expectNothingOfNobodys(platform);
    });

    /** Open to visitors, and to its owner in its administration alone. */
    async function expectOpen(store: StoreView): Promise<void> {
      const { platform } = theWorld();
      const front = await platform.visit(store.url);
      expect([front.status, front.body.includes('Magento_Theme'), front.body.includes(store.name)]).toEqual([
        200,
        true,
        true,
      ]);
      expect((await platform.visit(`${store.url}nobody/`)).status).toBe(404);
      expect((await platform.visit(store.adminUrl)).status).toBe(200);
      const { username, password } = await adminOf(platform, store);
      const answer = await platform.visit(`${store.url}rest/V1/tfa/provider/google/authenticate`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ username, password, otp: '000000' }),
      });
      // The password is right: what is asked for next is a second factor that nobody has set up yet.
      expect(answer.body).toMatch(/2FA|provider/i);
    }
  });
}
