import { readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../../src/adapters/process/run-command.ts';
import type { ServiceName } from '../../../src/domain/subnets.ts';
import { MINUTE, SECOND } from '../../../src/lib/time.ts';
import type { StoreView } from '../../../src/stores/present-store.ts';
import type { TestPlatform } from '../platform.ts';
import { until } from '../until.ts';
import { missesDuring, untilServed } from '../workers.ts';
import { largePicture } from './large-picture.ts';
import { restOf } from './shop-rest.ts';
import { CATEGORY_PATH, ROSE, SEARCH_PATH } from './the-shop.ts';
import {
  inService,
  type MagentoWorld,
  OTHERS,
  ownersRest,
  ROSES,
  rowOf,
  serviceOf,
  untilHealth,
  untilIll,
} from './world.ts';

/** A page may wait for a search engine that says nothing, but php-fpm ends it before this. */
const PAGE_WITHIN_MS = 100 * SECOND;

export function describeFaults(theWorld: () => MagentoWorld): void {
  describe('with a part that fails', () => {
    let store: StoreView;
    let neighbours: StoreView[];
    beforeAll(async () => {
      const { platform } = theWorld();
      store = await platform.store(ROSES.name);
      neighbours = await Promise.all(OTHERS.map((name) => platform.store(name)));
    });

    /** No visitor of other shops misses anything meanwhile. */
    const unnoticed = async (act: () => Promise<unknown>): Promise<void> => {
      expect(await missesDuring(theWorld().platform, neighbours, act)).toBe(0);
    };
    const isFound = async (): Promise<boolean> => {
      const { platform } = theWorld();
      // No page of the cache: another address each time.
      const path = `${SEARCH_PATH}&at=${performance.now()}`;
      const page = await platform.visit(`${store.url}${path}`, { withinMs: PAGE_WITHIN_MS }).catch(() => null);
      return page?.status === 200 && page.body.includes(ROSE.name);
    };
    /** How the store is told to be between the end of a service and the repair of it. */
    const isGone = (service: ServiceName) => ({
      health: 'degraded',
      healthDetail: expect.stringMatching(new RegExp(`\\b${service} is stopped \\(exit code \\d+\\)`)),
    });
    /** As `isGone`, of one that a page needs: down, if the web service was asked in the meantime and said so. */
    const isMissed = (service: ServiceName) => ({
      ...isGone(service),
      health: expect.stringMatching(/^(?:degraded|down)$/),
    });
    const untilFound = () => until(async () => ((await isFound()) ? true : undefined));

    test('a frozen search engine: no page hangs for minutes, health and doctor tell, and all is well when it goes on', async () => {
      const { platform } = theWorld();
      const search = serviceOf(platform, store, 'search');
      await unnoticed(async () => {
        await search.pause();
        try {
          const [found, front, ill] = await Promise.all([
            platform.visit(`${store.url}${SEARCH_PATH}&frozen`, { withinMs: PAGE_WITHIN_MS }),
            platform.visit(store.url),
            // Until the web service's own check has found it out, too: pages are answered all the same.
            untilIll(platform, store, 'web'),
          ]);
          expect([found.body.includes(ROSE.name), front.status]).toEqual([false, 200]);
          const isFrozen = {
            health: 'degraded',
            healthDetail: expect.stringMatching(
              /^web is unhealthy \(search: .+search is unhealthy \(its processes are frozen\)$/,
            ),
          };
          expect(ill).toEqual(isFrozen);
          expect(await platform.store(store.id)).toMatchObject(isFrozen);
          const { json } = await platform.cli('doctor');
          const checks = json['checks'] as { name: string; status: string; message: string }[];
          const told = checks.find(({ name }) => name === 'store-containers');
          expect(told).toMatchObject({
            status: 'fail',
            message: expect.stringMatching(
              new RegExp(`${ROSES.name}: .*search is unhealthy \\(its processes are frozen\\)`),
            ),
          });
        } finally {
          await search.unpause();
        }
        await untilHealth(platform, store, ['healthy']);
        expect(await isFound()).toBe(true);
      });
    });

    test('a search engine that was stopped comes back by itself, with all that it knew', async () => {
      const { platform } = theWorld();
      await unnoticed(async () => {
        const search = serviceOf(platform, store, 'search');
        await search.stop({ t: 0 });
        expect((await platform.visit(store.url)).status).toBe(200);
        expect(await untilIll(platform, store, 'search')).toEqual(isGone('search'));
        await until(async () => ((await search.inspect()).State.Running ? true : undefined));
        await untilFound();
      });
    });

    test('a full cache forgets, and the shop goes on', async () => {
      const { platform } = theWorld();
      // A little at a time: nothing is forgotten while a script runs.
      const fill = `for i = 1, 16 do redis.call('SET', KEYS[1] .. i, string.rep('x', 65536)) end`;
      for (let part = 0; part < 100; part += 1) {
        await inService(platform, store, 'cache', 'redis-cli', 'EVAL', fill, '1', `ballast:${part}:`);
      }

      const stats = await inService(platform, store, 'cache', 'redis-cli', 'INFO', 'stats');
      expect(Number(/^evicted_keys:(\d+)/m.exec(stats)?.[1])).toBeGreaterThan(0);
      expect(await isFound()).toBe(true);
      for (const path of ['', CATEGORY_PATH, 'checkout/cart/']) {
        const { status, body } = await platform.visit(`${store.url}${path}`);
        expect(status, `/${path} was answered ${body}`).toBe(200);
      }
    });

    test('a dead cache comes back by itself', async () => {
      const { platform } = theWorld();
      await unnoticed(async () => {
        await serviceOf(platform, store, 'cache').kill({ signal: 'SIGKILL' });
        expect(await untilIll(platform, store, 'cache')).toEqual(isMissed('cache'));
        await untilServed(platform, store);
      });
    });

    test('dead sessions come back by themselves, and nobody loses a cart', async () => {
      const { platform } = theWorld();
      const guest = restOf(platform, store);
      const cart = await guest.call<string>('POST', 'guest-carts');
      const session = await visitorsSession(platform, store);
      // With -e an answer like `LOADING` is a failure, not one.
      const ask = (...command: string[]): Promise<string> =>
        inService(platform, store, 'sessions', 'redis-cli', '-e', ...command);
      // It is flushed once a second, later on a busy disk.
      await until(async () => (/^aof_buffer_length:0\b/m.test(await ask('INFO', 'persistence')) ? true : undefined));
      expect(await ask('EXISTS', session)).toBe('1');
      await unnoticed(async () => {
        await serviceOf(platform, store, 'sessions').kill({ signal: 'SIGKILL' });
        expect(await untilIll(platform, store, 'sessions')).toEqual(isMissed('sessions'));
        // A page of the cache would be answered without them.
        expect(await until(() => ask('EXISTS', session).catch(() => undefined))).toBe('1');
      });

      expect((await guest.ask('GET', `guest-carts/${cart}`)).status).toBe(200);
    });

    test('a disk that is full during an upload: the shop says so, sells on, and takes the picture once there is room', async () => {
      const { platform } = theWorld();
      const { uid } = await rowOf(platform, store.id);
      const rest = await ownersRest(theWorld(), store);
      const content = { base64_encoded_data: largePicture().toString('base64'), type: 'image/png', name: 'rose.png' };
      const entry = { media_type: 'image', label: 'Rose', position: 1, disabled: false, types: ['image'], content };
      const upload = () => rest.ask('POST', `products/${ROSE.sku}/media`, { entry });
      const { Pid } = (await serviceOf(platform, store, 'web').inspect()).State;
      const inMounts = (...argv: string[]) =>
        runCommand({ path: '/usr/bin/nsenter' }, [`--target=${Pid}`, '--mount', ...argv], { timeoutMs: MINUTE });
      const media = '/var/www/magento/pub/media';
      await inMounts(
        '/usr/bin/mount',
        '-t',
        'tmpfs',
        '-o',
        `size=512k,mode=0750,uid=${uid},gid=${uid}`,
        'tmpfs',
        media,
      );
      try {
        await unnoticed(async () => {
          const refused = await upload();
          expect(refused.status).toBeGreaterThanOrEqual(400);
          expect(refused.body).toMatch(/error/i);
          expect((await platform.visit(store.url)).status).toBe(200);
        });
      } finally {
        await inMounts('/usr/bin/umount', media);
      }

      expect((await upload()).status).toBe(200);
      const files = await readdir(`${platform.config.customersDir}/stores/${store.id}/data/media/catalog/product`, {
        recursive: true,
      });
      expect(files.some((name) => name.endsWith('rose.png'))).toBe(true);
    });

    test('what went wrong is in the logs that the shop writes of itself', async () => {
      const { platform } = theWorld();
      const read = async (service: string): Promise<string> =>
        (await platform.cli('store', 'logs', store.id, '--service', service)).stdout;

      expect(await read('exception')).toMatch(/rose|No space|media/i);
      expect(await read('system')).toMatch(/\S/);
      expect(await read('cron')).toMatch(/Cron Job \w+ is (?:run|successfully finished)/);
      expect((await platform.cli('store', 'logs', store.id, '--service', 'nothing')).exitCode).toBe(2);
    });
  });
}

/** The name under which the shop keeps what it knows of somebody who has just come; whoever names no browser is soon forgotten. */
async function visitorsSession(platform: TestPlatform, { url }: StoreView): Promise<string> {
  const headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' };
  const page = await platform.visit(`${url}customer/account/login/`, { headers });
  const [, id = ''] = /PHPSESSID=(\w+)/.exec(String(page.headers['set-cookie'])) ?? [];
  return `sess_${id}`;
}
