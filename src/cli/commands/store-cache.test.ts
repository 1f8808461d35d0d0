import { expect, it } from 'vitest';
import { aView, shopctl } from '../../../test/fakes/shopctl.ts';
import type { PageCacheTexts } from '../../domain/page-cache.ts';
import type { PageCacheView } from '../../web/services/settings.ts';

function actions() {
  const done: unknown[] = [];
  const view: PageCacheView = { pageCache: 'on', lifetime: '10m', kept: 'at-the-edge' };
  return {
    done,
    findStore: async () => aView(),
    readPageCache: async () => view,
    setPageCache: async ({ storeId, texts }: { storeId: string; texts: PageCacheTexts }) =>
      void done.push([storeId, texts]),
    emptyPageCache: async (storeId: string) => void done.push([storeId, 'emptied']),
  };
}

it('store cache tells how it is, and changes nothing', async () => {
  const world = actions();
  const { stdout, code } = await shopctl(['store', 'cache', 'demo'], world);

  expect([code, world.done]).toEqual([0, []]);
  expect(stdout).toContain('lifetime\t10m');
});

it.each([
  [['on'], { pageCache: 'on' }],
  [['on', '--lifetime', '1h'], { pageCache: 'on', pageLifetime: '1h' }],
  [['off'], { pageCache: 'off' }],
  [['purge'], 'emptied'],
])('store cache ID %j does that, and tells how it is then', async (words, what) => {
  const world = actions();
  const { json } = await shopctl(['store', 'cache', 'demo', ...words, '--json'], world);

  expect(world.done).toEqual([['sto_01abc', what]]);
  expect(json()).toMatchObject({ pageCache: 'on', kept: 'at-the-edge' });
});

it.each([[['maybe']], [['off', '--lifetime', '1h']], [['purge', '--lifetime', '1h']]])(
  'store cache ID %j is refused',
  async (words) => {
    const world = actions();
    const { code } = await shopctl(['store', 'cache', 'demo', ...words], world);

    expect([code, world.done]).toEqual([2, []]);
  },
);
