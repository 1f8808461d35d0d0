import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { ShopSettings } from '../../../src/domain/shop-settings.ts';
import { forEachDatabase, type TestDatabase } from '../../services/for-each-database.ts';
import { anActiveStore, claimNow, NOW } from './fixtures.ts';

const AS_FOUND: ShopSettings = {
  title: 'Roses',
  timezone: 'UTC',
  locale: 'en_US',
  country: null,
  currency: null,
  maintenance: null,
  locales: ['en_US'],
  php: { phpMemory: 256, phpUpload: 64, phpSeconds: 120, phpInputVars: 5000, phpWorkers: 5 },
};

forEachDatabase((_, connect) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await connect();
  });
  beforeEach(() => database.reset());

  it('what a shop said after it was set is known to everybody, its title too, with one line per run', async () => {
    const { store } = await anActiveStore(database);
    const { changes, runs, storeSettings, stores, audit } = database.repositories;
    const wish = { storeId: store.id, kind: 'configure', by: 'owner', actor: 'cus_1', now: NOW } as const;
    const runId = await changes.request({ ...wish, input: { title: 'Tulips', timezone: 'Europe/Berlin' } });
    const [lease, run] = [await claimNow(database, runId), await runs.get(runId)];
    expect(await storeSettings.find(store.id)).toBeUndefined();

    await storeSettings.note(lease, AS_FOUND, NOW);
    expect(await storeSettings.find(store.id)).toEqual(AS_FOUND);
    const set = {
      ...AS_FOUND,
      title: 'Tulips',
      timezone: 'Europe/Berlin',
      maintenance: 'on',
      locales: ['en_US', 'de_DE'],
    } as const;
    for (const _ of [1, 2]) await storeSettings.record(lease, run, set, NOW);

    expect(await storeSettings.find(store.id)).toEqual(set);
    expect(await stores.get(store.id)).toMatchObject({ title: 'Tulips', status: 'active', inMaintenance: true });
    const lines = await audit.list({ target: store.id });
    expect(lines.filter(({ action }) => action === 'store.settings_changed')).toMatchObject([
      { actor: 'system', storeId: store.id, details: { title: 'Tulips', timezone: 'Europe/Berlin' } },
    ]);
  });

  it('a title that is none of one line leaves the store its own, and an asking alone leaves no line', async () => {
    const { store } = await anActiveStore(database);
    const { changes, runs, storeSettings, stores, audit } = database.repositories;
    const runId = await changes.request({
      storeId: store.id,
      kind: 'configure',
      by: 'owner',
      actor: 'cus_1',
      now: NOW,
    });
    const lease = await claimNow(database, runId);

    await storeSettings.record(lease, await runs.get(runId), { ...AS_FOUND, title: '' }, NOW);

    expect((await stores.get(store.id)).title).toBe(store.title);
    const actions = (await audit.list({ target: store.id })).map(({ action }) => action);
    expect(actions).not.toContain('store.settings_changed');
    const stale = { ...lease, fence: lease.fence - 1 };
    await expect(storeSettings.note(stale, AS_FOUND, NOW)).rejects.toMatchObject({ code: 'lease_lost' });
  });

  it('what a request may take is kept by who works on the store, told to the edge, and lowered once, with a line', async () => {
    const { store } = await anActiveStore(database);
    const { changes, storePhpLimits, storeSettings, routes, audit } = database.repositories;
    const wish = { storeId: store.id, kind: 'configure', by: 'owner', actor: 'cus_1', now: NOW } as const;
    const lease = await claimNow(database, await changes.request(wish));
    const chosen = { phpMemory: 384, phpUpload: 128, phpSeconds: 120, phpInputVars: 5000 };
    const most = { ...chosen, phpUpload: 64 };
    expect(await storePhpLimits.find(store.id)).toBeUndefined();
    expect(await storePhpLimits.lower(lease, { plan: 'tiny', limits: most }, NOW)).toEqual({
      limits: undefined,
      isLowered: false,
    });

    await routes.put(lease, { hostname: store.domain, storeId: store.id, port: store.port, state: 'live' });
    expect(await routes.list()).toMatchObject([{ hostname: store.domain, uploadMb: null }]);
    await storePhpLimits.record(lease, chosen, NOW);
    expect(await storePhpLimits.find(store.id)).toEqual(chosen);
    expect(await routes.list()).toMatchObject([{ hostname: store.domain, uploadMb: 128 }]);

    expect(await storePhpLimits.lower(lease, { plan: 'starter', limits: chosen }, NOW)).toMatchObject({
      isLowered: false,
    });
    for (const _ of [1, 2]) {
      expect(await storePhpLimits.lower(lease, { plan: 'tiny', limits: most }, NOW)).toEqual({
        limits: most,
        isLowered: true,
      });
    }
    expect(await storePhpLimits.find(store.id)).toEqual(most);
    const lines = await audit.list({ target: store.id });
    expect(lines.filter(({ action }) => action === 'store.php_limits_lowered')).toMatchObject([
      { actor: 'system', storeId: store.id, details: { plan: 'tiny', phpUpload: 64 } },
    ]);
    const stale = { ...lease, fence: lease.fence - 1 };
    await expect(storePhpLimits.record(stale, chosen, NOW)).rejects.toMatchObject({ code: 'lease_lost' });

    // Only of a shop that can be told any.
    await storeSettings.note(lease, { ...AS_FOUND, php: null }, NOW);
    await storeSettings.notePhp(lease, most);
    expect((await storeSettings.find(store.id))?.php).toBeNull();
    await storeSettings.note(lease, AS_FOUND, NOW);
    await storeSettings.notePhp(lease, most);
    expect((await storeSettings.find(store.id))?.php).toEqual({ ...most, phpWorkers: 5 });
  });
});
