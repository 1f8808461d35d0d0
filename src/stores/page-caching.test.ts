import { expect, test } from 'vitest';
import { AppError } from '../domain/errors.ts';
import type { PageCacheChoice } from '../domain/page-cache.ts';
import { createPageCaching } from './page-caching.ts';

const SHOP = { id: 'sto_1', platform: 'woocommerce' } as const;
const MAGENTO = { id: 'sto_2', platform: 'magento' } as const;

function aWorld(choice: PageCacheChoice = '10m', pageCacheMb = 256) {
  const done: string[] = [];
  const world = { choice, isDown: false };
  const caching = createPageCaching({
    choices: {
      find: async () => world.choice,
      choose: async (change) => {
        world.choice = change.choice;
        done.push(`chosen ${change.choice} by ${change.actor}`);
      },
      noteEmptied: async ({ actor }) => void done.push(`noted ${actor}`),
    },
    keptPages: { empty: async () => void done.push('emptied') },
    apply: async () => {
      if (world.isDown) throw new AppError('route_unreachable', 'nginx is not running');
      done.push('applied');
    },
    pageCacheMb,
    now: () => new Date(0),
  });
  const options = { origin: { actor: 'cus_1' }, signal: new AbortController().signal };
  return { done, world, caching, options };
}

test('what is chosen holds at once, and begins with nothing that was kept before', async () => {
  const { done, caching, options } = aWorld('off');
  await caching.change(SHOP, { pageCache: 'on', pageLifetime: '1h' }, options);

  expect(done).toEqual(['chosen 1h by cus_1', 'emptied', 'applied']);
  expect(await caching.show(SHOP)).toEqual({ pageCache: 'on', lifetime: '1h', kept: 'at-the-edge' });
});

test('emptying is noted once it is done, and asks for no other configuration', async () => {
  const { done, caching, options } = aWorld();
  await caching.empty(SHOP, options.origin);

  expect(done).toEqual(['emptied', 'noted cus_1']);
});

test('with the edge away it is chosen all the same, and whoever asked is told', async () => {
  const { world, caching, options } = aWorld();
  world.isDown = true;

  await expect(caching.change(SHOP, { pageCache: 'off' }, options)).rejects.toMatchObject({
    code: 'route_unreachable',
  });
  expect(world.choice).toBe('off');
});

test('what makes no sense, or is for a shop that keeps its pages itself, changes nothing', async () => {
  const { done, caching, options } = aWorld();

  await expect(caching.change(SHOP, { pageCache: 'on', pageLifetime: '2y' }, options)).rejects.toMatchObject({
    code: 'invalid_input',
  });
  await expect(caching.change(MAGENTO, { pageCache: 'on' }, options)).rejects.toMatchObject({
    code: 'not_allowed_now',
  });
  await expect(caching.empty(MAGENTO, options.origin)).rejects.toMatchObject({ code: 'not_allowed_now' });
  expect(done).toEqual([]);
});

test('it is told where pages are kept, and where not', async () => {
  expect(await aWorld('off').caching.show(SHOP)).toEqual({ pageCache: 'off', lifetime: '10m', kept: 'at-the-edge' });
  expect(await aWorld('10m').caching.show(MAGENTO)).toMatchObject({ pageCache: 'off', kept: 'by-the-shop' });
  expect(await aWorld('10m', 0).caching.show(SHOP)).toMatchObject({ kept: 'nowhere' });
});
