import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerInspectInfo } from 'dockerode';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { containerOf, directoryOf } from '../../src/domain/names.ts';
import type { PoolMember } from '../../src/domain/pool-member.ts';
import { MINUTE } from '../../src/lib/time.ts';
import type { StoreView } from '../../src/stores/present-store.ts';
import { describeKilledClaim, describeKilledDrain, describeKilledSnapshots } from './ahead/kills.ts';
import { inDatabase, shopAsItIs } from './ahead/shop-as-it-is.ts';
import {
  type AheadWorld,
  expectComposeToAgree,
  expectNothingOfNobodys,
  membersOf,
  untilSnapshotOf,
  whatRuns,
  wordsOfStart,
} from './ahead/world.ts';
import { startPlatform, type TestPlatform } from './platform.ts';
import { until } from './until.ts';
import { killWorkers, whileWorkersPause } from './workers.ts';

let platform: TestPlatform;
let kind: AheadWorld['kind'];
beforeAll(async () => {
  // Nothing is made ahead yet: the first store cannot but be installed.
  platform = await startPlatform(13, { GOLDEN_SNAPSHOTS: '0', POOL_SIZE: '0' });
  const { items } = (await platform.ok('artifacts', 'list')) as { items: { name: string; present: boolean }[] };
  kind = items.some(({ name, present }) => name === 'woocommerce' && present) ? 'woocommerce' : 'wordpress';
}, 5 * MINUTE);
afterAll(async () => {
  await platform?.destroy();
});

const theWorld = (): AheadWorld => ({ platform, kind });
const members = (): Promise<PoolMember[]> => membersOf(platform);
/** The one that whoever orders next gets. */
const aReadyOne = (): Promise<PoolMember> =>
  until(async () => (await members()).find(({ status }) => status === 'ready'), 2 * MINUTE);
const inspect = (id: string, service: string): Promise<ContainerInspectInfo> =>
  platform.adapters.docker.getContainer(containerOf({ id }, service)).inspect();

/** What its containers may take together, in GB: each has its share in whole MB, so that a few are left over. */
async function memoryOf({ id }: Pick<StoreView, 'id'>): Promise<number> {
  const found = await Promise.all(['web', 'db', 'cache'].map((service) => inspect(id, service)));
  return Math.round(found.reduce((sum, { HostConfig }) => sum + (HostConfig.Memory ?? 0), 0) / 1024 ** 3);
}

/** Whether whoever comes first is shown the page that was made before the door was opened. */
const pageIsThere = async ({ url }: StoreView) =>
  (await platform.visit(url, { headers: { 'accept-encoding': 'gzip', cookie: '' } })).headers['x-cache'];

describe('a store that is made ahead', () => {
  let installed: StoreView;
  let copied: StoreView;
  let claimed: StoreView;

  test('is not there while the operator wants none: whoever comes is given one that is installed', async () => {
    installed = await platform.createStore('first-shop', { platform: kind });

    expect(await wordsOfStart(platform, installed)).not.toContain('copied from a shop');
    expect([await members(), (await platform.ok('golden', 'list'))['items']]).toEqual([[], []]);
    expect((await platform.visit(installed.url)).status).toBe(200);
  });

  describeKilledSnapshots(theWorld);

  test('a snapshot is made by itself once nobody waits, and is whole', async () => {
    await untilSnapshotOf(platform, kind);
    const { items } = (await platform.ok('golden', 'verify')) as { items: { differs: string | null }[] };
    expect(items.map(({ differs }) => differs)).toEqual(items.map(() => null));
    await until(async () => ((await members()).every(({ purpose }) => purpose !== 'golden') ? true : undefined));
  });

  test('a copy of it is, but for secrets and moments, what an installation would have been', async () => {
    copied = await platform.createStore('other-shop', { platform: kind });

    expect(await wordsOfStart(platform, copied)).toContain('copied from a shop');
    expect(await pageIsThere(copied)).toBe('HIT');
    expect(await shopAsItIs(platform, copied)).toEqual(await shopAsItIs(platform, installed));
    await expectComposeToAgree(platform, copied);
  });

  test('one that waits in the pool cannot be reached, has no way in, and is no store', async () => {
    await platform.ok('pool', 'resize', kind, '1');
    const ready = await until(
      async () => (await members()).find(({ status, platform: of }) => status === 'ready' && of === kind),
      2 * MINUTE,
    );
    expect((await platform.cli('store', 'show', ready.id)).exitCode).toBe(EXIT.notFound);
    expect(
      ((await platform.ok('store', 'list')) as { items: { id: string }[] }).items.map(({ id }) => id),
    ).not.toContain(ready.id);
    expect(
      (
        await platform
          .visit(`https://${ready.id}.${platform.config.baseDomain}:${platform.config.http.httpsPort}/`)
          .catch(() => ({ status: 0 }))
      ).status,
    ).not.toBe(200);
    const accounts = 'SELECT user_login, user_pass FROM shop.shop_users';
    const rows = await inDatabase(platform, ready, accounts);
    expect(rows.trim()).toBe('nobody\t!');
    // Nor does it go to whoever on this machine finds the door for that, without its key.
    const { NetworkSettings } = await inspect(ready.id, 'web');
    const { IPAddress } = NetworkSettings.Networks[`${ready.id}_front`] ?? {};
    for (const headers of [{}, { 'x-shop-key': '0'.repeat(64) }]) {
      const refused = await fetch(`http://${IPAddress}:8082/hand-over`, { method: 'POST', headers, body: '{}' });
      expect(refused.status).toBe(404);
    }
  });

  test('it becomes the store of whoever orders next: no container is made anew, and Compose agrees with what runs', async () => {
    const waiting = (await members()).find(({ status, platform: of }) => status === 'ready' && of === kind);
    const before = await whatRuns(platform, { id: waiting?.id ?? '' });

    claimed = await platform.createStore('third-shop', { platform: kind });

    expect(claimed.id).toBe(waiting?.id);
    expect(await whatRuns(platform, claimed)).toEqual(before);
    expect(await pageIsThere(claimed)).toBe('HIT');
    expect((await platform.visit(claimed.url)).body).toContain('third-shop');
    expect((await platform.cli('store', 'logs', claimed.id)).stdout).toContain('handed over by its own web server');
    expect(await shopAsItIs(platform, claimed)).toEqual(await shopAsItIs(platform, installed));
    await expectComposeToAgree(platform, claimed);
    expect(await platform.ok('store', 'credentials', claimed.id)).toMatchObject({ admin: { username: 'shopowner' } });
  });

  test(
    'one of another plan waits for an order of that plan, with its limits',
    async () => {
      const ofPlan = async () => (await members()).filter(({ plan }) => plan === 'business');
      await platform.ok('pool', 'resize', kind, '1', '--plan', 'business');
      const waiting = await until(async () => (await ofPlan()).find(({ status }) => status === 'ready'), 2 * MINUTE);

      const larger = await platform.createStore('larger-shop', { platform: kind, plan: 'business' });

      expect(larger).toMatchObject({ id: waiting.id, plan: 'business' });
      expect([await memoryOf(larger), await memoryOf(claimed)]).toEqual([2, 1]);
      await platform.ok('pool', 'resize', kind, '0', '--plan', 'business');
      await until(async () => ((await ofPlan()).length === 0 ? true : undefined), MINUTE);
      await platform.ok('store', 'delete', larger.id, '--yes');
      await platform.gone(larger.id);
    },
    5 * MINUTE,
  );

  test(
    'a snapshot that somebody changed is told, and made anew when it is asked for; not where images alone are',
    async () => {
      interface Snapshot {
        readonly platform: string;
        readonly key: string;
        readonly differs?: string | null;
      }
      const mine = async (...words: string[]): Promise<Snapshot[]> => {
        const { items } = (await platform.cli('golden', ...words)).json as { items: Snapshot[] };
        return items.filter(({ platform: of }) => of === kind);
      };
      const [snapshot] = await mine('list');
      await aReadyOne();
      // Else one of them would make it anew by itself.
      await whileWorkersPause(platform, async () => {
        await appendFile(
          join(platform.config.customersDir, 'golden', snapshot?.key ?? '', 'data/themes/index.php'),
          '//',
        );

        expect((await platform.cli('golden', 'verify')).exitCode).toBe(EXIT.needsAttention);
        await platform.ok('images', 'prepare', kind, '--no-golden');
        expect((await mine('verify')).map(({ differs }) => differs)).toEqual([expect.any(String)]);

        await platform.ok('images', 'prepare', kind);
        expect((await mine('verify')).map(({ differs }) => differs)).toEqual([null]);
        expect((await mine('build', kind)).map(({ key }) => key)).toEqual([snapshot?.key]);
      });
    },
    5 * MINUTE,
  );

  test('no two of them share a secret, nor what tells one server from another', async () => {
    const own = await Promise.all(
      [installed, copied, claimed].map(async (store) => {
        const root = join(platform.config.customersDir, directoryOf(store));
        const read = (path: string) => readFile(join(root, path), 'utf8');
        const server = join(root, 'data/database/data');
        const keys = (await readdir(server)).filter((name) => name.endsWith('.pem') || name === 'auto.cnf');
        const drawn =
          "SELECT option_value FROM shop_options WHERE option_name IN ('woocommerce_maxmind_geolocation_settings', 'woocommerce_store_id')";
        return [
          ...(kind === 'woocommerce' ? (await inDatabase(platform, store, drawn)).trim().split('\n') : []),
          await read('secrets/web/db-password'),
          await read('secrets/web/wp-salts.json'),
          await read('secrets/db/db-root-password'),
          ...(await Promise.all(keys.toSorted().map((name) => read(`data/database/data/${name}`)))),
        ];
      }),
    );
    const [first] = own;
    expect(first?.length).toBeGreaterThan(3);
    for (const [index] of (first ?? []).entries()) {
      expect(new Set(own.map((secrets) => secrets[index])).size).toBe(3);
    }
  });

  test('one that was changed while it waited is nobody’s ever; one that was only stopped is started again', async () => {
    const changed = await aReadyOne();
    await writeFile(join(platform.config.customersDir, directoryOf(changed), 'data/plugins/more.php'), '<?php');
    const next = await until(
      async () => (await members()).find(({ id, status }) => status === 'ready' && id !== changed.id),
      2 * MINUTE,
    );
    expect((await members()).map(({ id }) => id)).toEqual([next.id]);
    expect(await readdir(join(platform.config.customersDir, 'stores'))).not.toContain(changed.id);

    await platform.adapters.docker.getContainer(containerOf(next, 'cache')).stop();
    await until(async () => ((await inspect(next.id, 'cache')).State.Running ? true : undefined), MINUTE);
    expect((await members()).map(({ id, status }) => [id, status])).toEqual([[next.id, 'ready']]);
  });

  describeKilledClaim(theWorld);
  describeKilledDrain(theWorld);

  test('is gone without a trace when it is deleted, and so is one whose maker was killed', async () => {
    await platform.ok('store', 'delete', claimed.id, '--yes');
    await platform.gone(claimed.id);
    await aReadyOne();
    await platform.ok('pool', 'drain');
    await until(async () => ((await members()).some(({ status }) => status === 'making') ? true : undefined), MINUTE);
    await killWorkers(platform);

    await until(async () => {
      const all = await members();
      return all.length === 1 && all[0]?.status === 'ready' ? true : undefined;
    }, 3 * MINUTE);
    await platform.ok('pool', 'resize', kind, '0');
    await until(async () => ((await members()).length === 0 ? true : undefined), MINUTE);

    const left = (await platform.adapters.repositories.stores.list()).map(({ id }) => id);
    expect(left.toSorted()).toEqual([installed.id, copied.id].toSorted());
    await expectNothingOfNobodys(platform);
  });
});
