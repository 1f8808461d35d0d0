import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TRANSITIONS } from '../../../src/domain/lifecycle.ts';
import { STEP_NAMES } from '../../../src/domain/run.ts';
import type { StoreStatus } from '../../../src/domain/store.ts';
import { forEachDatabase, type TestDatabase } from '../../services/for-each-database.ts';
import {
  aFailedStore,
  aLeasedStore,
  aNewStore,
  anActiveStore,
  anError,
  aStore,
  claimNow,
  countRows,
  farewell,
  NOW,
  somePools,
  whereIs,
} from './fixtures.ts';

const HOSTILE = [
  `O'Brien "& Söhne" \`$(id)\` \\`,
  '🛍️👩‍👩‍👧‍👦 emoji',
  '\u202Eright to left\u202C שלום',
  '--exec=echo X',
  'a\nb\tc\u0000d',
  '%s %d ? :x {}',
  'x'.repeat(10_000),
  '🛒'.repeat(10_000),
];

forEachDatabase((_, connect) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await connect();
  });
  beforeEach(() => database.reset());

  describe('a new store', () => {
    it('gets everything it needs at once', async () => {
      const wanted = await aNewStore(database, { name: 'demo', wishedDomain: 'shop.example' });

      const { store, runId } = await database.repositories.stores.create(wanted, somePools());

      expect(store).toEqual({
        id: expect.stringMatching(/^sto_[0-9a-z]{26}$/),
        customerId: wanted.customerId,
        customerEmail: expect.stringMatching(/^owner-\d+@example\.test$/),
        name: 'demo',
        title: 'A shop',
        platform: 'woocommerce',
        status: 'pending',
        health: 'unknown',
        healthDetail: null,
        plan: 'starter',
        adminPath: '/wp-admin/',
        domain: 'demo.localhost',
        primaryDomain: null,
        start: {},
        wishedDomain: 'shop.example',
        port: 8001,
        uid: 200_000,
        network: { subnet: '10.210.0.32/27' },
        images: {},
        versions: {},
        error: null,
        inMaintenance: false,
        suspension: null,
        deletion: null,
        createdAt: NOW,
        activeAt: null,
      });
      const run = await database.repositories.runs.get(runId);
      expect(run).toMatchObject({
        storeId: store.id,
        kind: 'provision',
        status: 'queued',
        attempt: 1,
        startedAt: null,
      });
      expect(run.steps.map(({ name, status }) => [name, status])).toEqual(STEP_NAMES.map((name) => [name, 'waiting']));
      expect(await database.repositories.audit.list({ target: store.id })).toMatchObject([
        { actor: 'test', action: 'store.created', at: NOW, details: { name: 'demo', port: 8001 } },
      ]);
    });

    it('is found by id, by name, in the lists, and not by somebody else', async () => {
      const { store } = await aStore(database);
      const { stores, customers } = database.repositories;
      const stranger = await customers.create({ email: 'stranger@example.test', role: 'customer' });

      expect(await stores.find({ id: store.id })).toEqual(store);
      expect(await stores.find({ id: store.id, customerId: store.customerId })).toEqual(store);
      expect(await stores.find({ id: store.id, customerId: stranger.id })).toBeUndefined();
      expect(await stores.findByName(store.name)).toEqual(store);
      expect(await stores.list({ customerId: store.customerId, status: 'pending' })).toEqual([store]);
      expect(await stores.list({ customerId: stranger.id })).toEqual([]);
      expect(await stores.list({ status: 'active' })).toEqual([]);
      await expect(stores.get('sto_nobody')).rejects.toMatchObject({ code: 'not_found' });
    });

    it.each(HOSTILE.map((title) => [title.slice(0, 40), title]))(
      'carries its title through literally: %j …',
      async (_, title) => {
        const { store } = await aStore(database, { title });

        expect((await database.repositories.stores.get(store.id)).title).toBe(title);
      },
    );

    it('is told apart by text that a lax collation would take for the same', async () => {
      const { stores } = database.repositories;
      const { store } = await aStore(database, { name: 'strasse' });

      expect(await stores.findByName('straße')).toBeUndefined();
      expect(await stores.findByName('STRASSE')).toBeUndefined();
      expect(await stores.find({ id: store.id.toUpperCase() })).toBeUndefined();
      expect(await stores.find({ id: "' OR 1=1 -- 🙂" })).toBeUndefined();
    });

    it('is refused for an unknown customer or plan, and nothing is left', async () => {
      const before = await countRows(database);
      const wanted = { ...(await aNewStore(database)) };
      const after = { ...before, customers: 1 };

      const { stores } = database.repositories;
      await expect(stores.create({ ...wanted, customerId: 'cus_nobody' }, somePools())).rejects.toMatchObject({
        code: 'not_found',
      });
      await expect(stores.create({ ...wanted, plan: 'gold' }, somePools())).rejects.toMatchObject({
        code: 'not_found',
      });

      expect(await countRows(database)).toEqual(after);
    });
  });

  describe('many creations at once', () => {
    it('all succeed, with no port, subnet, UID or name twice', async () => {
      const wanted = await Promise.all(Array.from({ length: 20 }, () => aNewStore(database)));

      const made = await Promise.all(wanted.map((one) => database.repositories.stores.create(one, somePools())));

      const distinct = (values: unknown[]) => new Set(values).size;
      const stores = made.map(({ store }) => store);
      expect(distinct(stores.map(({ port }) => port))).toBe(20);
      expect(distinct(stores.map(({ uid }) => uid))).toBe(20);
      expect(distinct(stores.map(({ network }) => network.subnet))).toBe(20);
      expect(distinct(stores.map(({ name }) => name))).toBe(20);
      expect(Math.max(...stores.map(({ port }) => port))).toBe(8020);
      expect(await countRows(database)).toMatchObject({ stores: 20, provisioning_jobs: 20, provisioning_steps: 200 });
    });

    it('also from two processes, while others are deleted', async () => {
      const wanted = await Promise.all(Array.from({ length: 12 }, () => aNewStore(database)));
      const { createStoreRepository } = await import('../../../src/adapters/mysql/stores.ts');
      const others = [createStoreRepository(database.as('web')), database.repositories.stores] as const;
      const doomed = await aStore(database);
      const teardown = await database.repositories.stores.requestTeardown({
        id: doomed.store.id,
        actor: 'test',
        now: NOW,
      });
      const lease = await claimNow(database, teardown);

      const [, ...made] = await Promise.all([
        database.repositories.stores.remove(lease, farewell),
        ...wanted.map((one, index) => others[index % 2 === 0 ? 0 : 1].create(one, somePools())),
      ]);

      expect(new Set(made.map(({ store }) => store.port)).size).toBe(12);
      expect(await database.repositories.stores.list()).toHaveLength(12);
    });

    it('of the same name make one store and one conflict', async () => {
      const wanted = await aNewStore(database, { name: 'same' });
      const before = await countRows(database);

      const outcomes = await Promise.allSettled([
        database.repositories.stores.create(wanted, somePools()),
        database.repositories.stores.create(wanted, somePools()),
      ]);

      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'name_taken' } });
      expect((await countRows(database))['ports']).toBe(1);
      expect(before['ports']).toBeUndefined();
    });

    it('of the same host under another name are a conflict too', async () => {
      await aStore(database, { name: 'one', domain: 'same.localhost' });

      await expect(aStore(database, { name: 'two', domain: 'same.localhost' })).rejects.toMatchObject({
        code: 'name_taken',
        message: expect.stringContaining('same.localhost'),
      });
    });

    it('name the right culprit when the name looks like a key of ours', async () => {
      const name = `x' for key 'domains.PRIMARY`;
      await aStore(database, { name, domain: 'a.localhost' });

      await expect(aStore(database, { name, domain: 'b.localhost' })).rejects.toThrow(/A store named/);
    });
  });

  describe('the pools', () => {
    it('skip what is reserved or what somebody else uses', async () => {
      const pools = somePools({
        ports: { start: 8001, end: 8010, max: 8999, reserved: [8001] },
        isPortFree: (port) => Promise.resolve(port !== 8002),
        isSubnetFree: (cidr) => cidr !== '10.210.0.32/27',
      });

      const { store } = await aStore(database, {}, pools);

      expect(store.port).toBe(8003);
      expect(store.network.subnet).toBe('10.210.0.64/27');
    });

    it('grow the range of ports by themselves, with a line in the audit log each time', async () => {
      const pools = somePools({ ports: { start: 8001, end: 8002, max: 8005, reserved: [] } });
      const ports: number[] = [];
      for (let index = 0; index < 5; index += 1) ports.push((await aStore(database, {}, pools)).store.port);

      expect(ports).toEqual([8001, 8002, 8003, 8004, 8005]);
      const grown = await database.repositories.audit.list({ target: 'ports' });
      expect(grown.map(({ action, details }) => [action, details])).toEqual([
        ['ports.grown', { from: 8004, to: 8005, max: 8005 }],
        ['ports.grown', { from: 8002, to: 8004, max: 8005 }],
      ]);
    });

    it.each([
      ['ports_exhausted', somePools({ ports: { start: 8001, end: 8001, max: 8002, reserved: [8002] } })],
      ['ports_exhausted', somePools({ isPortFree: () => Promise.resolve(false) })],
      ['subnets_exhausted', somePools({ subnets: '10.210.0.0/26' })],
      ['uids_exhausted', somePools({ uids: { start: 200_000, end: 200_000 } })],
    ])('answer %s when they are empty, and leave nothing behind', async (code, pools) => {
      if (pools.isPortFree === somePools().isPortFree || (await pools.isPortFree(1))) await aStore(database, {}, pools);
      const wanted = await aNewStore(database);
      const before = await countRows(database);

      await expect(database.repositories.stores.create(wanted, pools)).rejects.toMatchObject({
        code,
        hint: expect.stringMatching(/PORT_RANGE_MAX|STORE_SUBNETS|STORE_UIDS/),
      });

      expect(await countRows(database)).toEqual(before);
    });

    it('take back what a deleted store had', async () => {
      const first = await aStore(database);
      const teardown = await database.repositories.stores.requestTeardown({
        id: first.store.id,
        actor: 'test',
        now: NOW,
      });
      await database.repositories.stores.remove(await claimNow(database, teardown), farewell);

      const { store } = await aStore(database, { name: first.store.name });

      expect(store.id).not.toBe(first.store.id);
      expect([store.port, store.uid, store.network]).toEqual([first.store.port, first.store.uid, first.store.network]);
    });

    it('give a store another port when its own is taken by somebody else', async () => {
      const { lease, store } = await aLeasedStore(database);
      await database.repositories.routes.put(lease, {
        hostname: store.domain,
        storeId: store.id,
        port: store.port,
        state: 'live',
      });

      const port = await database.repositories.stores.moveToAnotherPort(lease, somePools());

      expect(port).toBe(8002);
      expect((await database.repositories.stores.get(store.id)).port).toBe(8002);
      expect(await database.repositories.routes.list()).toMatchObject([{ port: 8002 }]);
    });
  });

  describe('the status of a store', () => {
    it('goes from pending over provisioning to active, once', async () => {
      const { lease, store } = await aLeasedStore(database);
      const { stores } = database.repositories;

      await stores.beginProvisioning(lease);
      await stores.beginProvisioning(lease);
      expect((await stores.get(store.id)).status).toBe('provisioning');
      await stores.activate(lease, NOW);
      await stores.activate(lease, new Date(NOW.getTime() + 5000));

      expect(await stores.get(store.id)).toMatchObject({ status: 'active', activeAt: NOW, error: null });
    });

    it('stays active when its provisioning was killed right before its end, and is taken up again', async () => {
      const { lease, store, runId } = await aLeasedStore(database);
      const { stores, journal, leases, runs } = database.repositories;
      await stores.beginProvisioning(lease);
      await stores.activate(lease, NOW);
      await leases.release(lease);

      const again = await claimNow(database, runId, 'worker-2');
      await stores.beginProvisioning(again);
      await journal.runDone(again);

      expect(await stores.get(store.id)).toMatchObject({ status: 'active', activeAt: NOW });
      expect((await runs.get(runId)).status).toBe('done');
    });

    it('goes to failed with its reason, and the reason goes when work begins anew', async () => {
      const { store } = await aFailedStore(database);
      const { stores, runs } = database.repositories;
      expect(await stores.get(store.id)).toMatchObject({ status: 'failed', error: anError() });

      const runId = await runs.queueRetry({ storeId: store.id, actor: 'test', now: NOW });
      await stores.beginProvisioning(await claimNow(database, runId));

      expect(await stores.get(store.id)).toMatchObject({ status: 'provisioning', error: null });
    });

    it('stays active when a repair fails, and only the reason is kept', async () => {
      const { store } = await anActiveStore(database);
      const { stores, runs } = database.repositories;
      const lease = await claimNow(database, await runs.queueRepair({ storeId: store.id, actor: 'test', now: NOW }));

      await stores.fail(lease, anError());
      expect(await stores.get(store.id)).toMatchObject({ status: 'active', error: anError() });
      await stores.activate(lease, NOW);

      expect(await stores.get(store.id)).toMatchObject({ status: 'active', error: null });
    });

    it('makes no move that is not in the table', async () => {
      const { stores } = database.repositories;
      const refused: string[] = [];
      const expected: string[] = [];
      for (const from of Object.keys(TRANSITIONS) as StoreStatus[]) {
        const { lease, store } = await aLeasedStore(database, 'worker-1');
        const moves = {
          provisioning: () => stores.beginProvisioning(lease),
          active: () => stores.activate(lease, NOW),
        } as const;
        for (const [to, move] of Object.entries(moves) as [keyof typeof moves, () => Promise<void>][]) {
          await database
            .as('admin')
            .kysely.updateTable('stores')
            .set({ status: from })
            .where('id', '=', store.id)
            .execute();
          // A provisioning that is taken up again finds its own work done: no move at all.
          const isNoMove = from === to || (from === 'active' && to === 'provisioning');
          if (!TRANSITIONS[from].includes(to) && !isNoMove) expected.push(`${from}→${to}`);
          await move().catch((error: { code: string }) => {
            expect(['not_allowed_now', 'lease_lost']).toContain(error.code);
            refused.push(`${from}→${to}`);
          });
          if (from === 'active') expect((await stores.get(store.id)).status).toBe('active');
        }
      }

      expect(refused).toEqual(expected);
    });

    it('is counted, also where there is none', async () => {
      await aStore(database);
      await aStore(database);
      await anActiveStore(database);

      expect(await database.repositories.stores.countByStatus()).toEqual({
        pending: 2,
        provisioning: 0,
        active: 1,
        failed: 0,
        suspended: 0,
        'deletion-scheduled': 0,
        deleting: 0,
        asleep: 0,
      });
    });

    it('does not depend on health, which anybody may record', async () => {
      const { store } = await anActiveStore(database);

      const { stores } = database.repositories;
      await stores.recordHealth(store.id, 'degraded', 'search is unhealthy (its processes are frozen)');
      expect(await stores.get(store.id)).toMatchObject({
        status: 'active',
        health: 'degraded',
        healthDetail: 'search is unhealthy (its processes are frozen)',
      });

      await stores.recordHealth(store.id, 'healthy', null);
      expect(await stores.get(store.id)).toMatchObject({ status: 'active', health: 'healthy', healthDetail: null });
    });
  });

  describe('what a store was made with', () => {
    it('is added to, never replaced as a whole', async () => {
      const { lease, store } = await aLeasedStore(database);
      const { stores } = database.repositories;

      await stores.recordMade(lease, { images: { web: 'sha256:a', db: 'sha256:b' } });
      await stores.recordMade(lease, { images: { db: 'sha256:c' }, versions: { wordpress: '7.1.4' } });

      const { images, versions } = await stores.get(store.id);
      expect(images).toEqual({ web: 'sha256:a', db: 'sha256:c' });
      expect(versions).toEqual({ wordpress: '7.1.4' });
    });
  });

  describe('a deleted store', () => {
    it('leaves no row anywhere but in the audit log', async () => {
      const { repositories } = database;
      const { lease, store, runId } = await aLeasedStore(database);
      const { hostname, storeId } = { hostname: store.domain, storeId: store.id };
      await repositories.journal.stepStarted(lease, 'create-directory');
      await repositories.routes.put(lease, { hostname, storeId, port: store.port, state: 'live' });
      await repositories.outbox.enqueue({
        uniqueKey: `welcome/${storeId}`,
        storeId,
        recipient: 'a@b.test',
        kind: 'welcome',
        payload: {},
        now: NOW,
      });
      const { createSecretVault } = await import('../../../src/adapters/mysql/secret-vault.ts');
      const sealer = { seal: () => Promise.resolve({ keyId: 'k', text: 't' }), open: () => Promise.resolve('') };
      await createSecretVault(database.as('worker'), sealer).getOrCreate({ storeId, makers: { x: () => 'y' } }, lease);
      await repositories.leases.release(lease);
      expect(await whereIs(database, storeId)).toEqual([
        'audit_log.store_id',
        'audit_log.target',
        'domains.platform_of',
        'domains.store_id',
        'outbox.store_id',
        'outbox.unique_key',
        'ports.store_id',
        'provisioning_events.store_id',
        'provisioning_jobs.store_id',
        'routes.store_id',
        'sealed_secrets.store_id',
        'stores.id',
        'subnets.store_id',
        'uids.store_id',
      ]);

      const teardown = await claimNow(
        database,
        await repositories.stores.requestTeardown({ id: storeId, actor: 'test', now: NOW }),
      );
      await repositories.stores.remove(teardown, farewell);
      await repositories.leases.release(teardown);

      expect(await whereIs(database, storeId)).toEqual(['audit_log.store_id', 'audit_log.target']);
      expect(await whereIs(database, runId)).toEqual([]);
      expect(await whereIs(database, hostname)).toEqual(['audit_log.details_json']);
      const lines = await repositories.audit.list({ target: storeId });
      expect(lines.map(({ action }) => action)).toEqual(['store.deleted', 'store.delete_requested', 'store.created']);
      expect(lines[0]?.details).toMatchObject({ name: store.name, port: store.port, subnet: store.network.subnet });
    });

    it('is not removed unless its deletion was asked for', async () => {
      const { lease } = await aLeasedStore(database);

      await expect(database.repositories.stores.remove(lease, farewell)).rejects.toMatchObject({
        code: 'not_allowed_now',
      });
    });
  });
});
