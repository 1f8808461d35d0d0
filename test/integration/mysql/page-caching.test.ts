import { beforeAll, beforeEach, expect, it } from 'vitest';
import { forEachDatabase, type TestDatabase } from '../../services/for-each-database.ts';
import { aLeasedStore, NOW } from './fixtures.ts';

forEachDatabase((_, connect) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await connect();
  });
  beforeEach(() => database.reset());

  it('pages are kept while nobody has chosen; what is chosen holds for every host of the store, with a line', async () => {
    const { store, lease } = await aLeasedStore(database);
    const other = await aLeasedStore(database);
    const { pageCaching, routes, audit } = database.repositories;
    for (const { store: each, lease: its } of [{ store, lease }, other]) {
      await routes.put(its, { hostname: each.domain, storeId: each.id, port: each.port, state: 'live' });
    }
    const lifetimes = async () =>
      Object.fromEntries((await routes.list()).map(({ storeId, pageLifetime }) => [storeId, pageLifetime]));
    expect(await pageCaching.find(store.id)).toBe('10m');
    expect(await lifetimes()).toEqual({ [store.id]: '10m', [other.store.id]: '10m' });

    await pageCaching.choose({ storeId: store.id, choice: '1h', actor: 'cus_1', now: NOW });
    expect(await lifetimes()).toEqual({ [store.id]: '1h', [other.store.id]: '10m' });
    await pageCaching.choose({ storeId: store.id, choice: 'off', actor: 'cus_1', now: NOW });
    await pageCaching.noteEmptied({ storeId: store.id, actor: 'cus_1', now: NOW });

    expect(await pageCaching.find(store.id)).toBe('off');
    expect(await lifetimes()).toEqual({ [store.id]: null, [other.store.id]: '10m' });
    const lines = await audit.list({ target: store.id });
    expect(lines.map(({ action, storeId, details }) => [action, storeId, details]).slice(0, 3)).toEqual([
      ['store.page_cache_emptied', store.id, {}],
      ['store.page_cache_changed', store.id, { pageCache: 'off' }],
      ['store.page_cache_changed', store.id, { pageCache: '1h' }],
    ]);
  });

  it('none are kept of a platform that keeps its own, whatever stands there, nor of a store that is not', async () => {
    const { store, lease } = await aLeasedStore(database);
    const { pageCaching, routes } = database.repositories;
    await routes.put(lease, { hostname: store.domain, storeId: store.id, port: store.port, state: 'live' });
    const magento = { platform: 'magento', page_cache: '1h' } as const;
    await database.as('admin').kysely.updateTable('stores').set(magento).where('id', '=', store.id).execute();

    expect(await pageCaching.find(store.id)).toBe('off');
    expect(await routes.list()).toMatchObject([{ pageLifetime: null }]);
    await expect(pageCaching.find('sto_none')).rejects.toMatchObject({ code: 'not_found' });
    const choice = { storeId: 'sto_none', choice: 'off', actor: 'cus_1', now: NOW } as const;
    await expect(pageCaching.choose(choice)).rejects.toMatchObject({ code: 'not_found' });
  });
});
