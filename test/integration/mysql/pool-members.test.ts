import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRepositories } from '../../../src/adapters/mysql/index.ts';
import { SYSTEM } from '../../../src/domain/origin.ts';
import type { PoolMember } from '../../../src/domain/pool-member.ts';
import { MINUTE } from '../../../src/lib/time.ts';
import { forEachDatabase, type TestDatabase } from '../../services/for-each-database.ts';
import { aNewStore, aStore, claimNow, NOW, somePools } from './fixtures.ts';

const FINGERPRINT = 'f'.repeat(64);
const OWNER = 'wrk_1';
const PARTS = { images: { web: 'sha256:1' }, versions: { wordpress: '7.1.4' } };

forEachDatabase((_, connect) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await connect();
  });
  beforeEach(() => database.reset());

  const members = () => database.repositories.poolMembers;
  const begin = (changes: Partial<Parameters<ReturnType<typeof members>['begin']>[0]> = {}): Promise<PoolMember> =>
    members().begin(
      {
        purpose: 'pool',
        platform: 'woocommerce',
        plan: 'starter',
        owner: OWNER,
        leaseMs: MINUTE,
        now: NOW,
        ...changes,
      },
      somePools(),
    );
  async function aReadyOne(): Promise<PoolMember> {
    const member = await begin();
    await members().recordParts(member.id, OWNER, PARTS);
    expect(await members().enter(member.id, OWNER, FINGERPRINT)).toBe(true);
    return member;
  }
  const order = async (name: string, changes: Parameters<typeof aNewStore>[1] = {}) =>
    (await database.repositories.stores.create(await aNewStore(database, { name, ...changes }), somePools())).store;

  describe('a member of the pool', () => {
    it('has what no store and no other member has, and no store is given it', async () => {
      const store = await order('first');
      const one = await begin();
      const other = await begin();
      const next = await order('next');

      const all = [store, next].map(({ port, uid, network }) => ({ port, uid, subnet: network.subnet }));
      const given = [...all, one, other];
      for (const key of ['port', 'uid', 'subnet'] as const) {
        expect(new Set(given.map((facts) => facts[key])).size).toBe(4);
      }
    });

    it('is what a store of its platform and plan begins as, the longest waiting first; and it is that store’s alone', async () => {
      const [one, other] = [await aReadyOne(), await aReadyOne()];

      const first = await order('first');
      const second = await order('second');
      const third = await order('third');

      expect([first.id, second.id]).toEqual([one.id, other.id]);
      expect([first.port, first.uid, first.network.subnet]).toEqual([one.port, one.uid, one.subnet]);
      expect([one.id, other.id]).not.toContain(third.id);
      expect(third.port).not.toBe(one.port);
      expect(await members().partsOf(first.id)).toEqual(PARTS);
      // What it is made of is the worker's to write into its row.
      expect(first).toMatchObject({ images: {}, versions: {}, status: 'pending', title: 'A shop' });
    });

    it('is none that another plan or platform gets, nor one that is being made, leaves, or is for copying', async () => {
      await aReadyOne();
      await begin();
      const leaving = await aReadyOne();
      await members().retire(leaving.id);
      const golden = await begin({ purpose: 'golden' });
      const ids = (await members().list()).map(({ id }) => id);

      expect(ids).not.toContain((await order('other-plan', { plan: 'business' })).id);
      expect(ids).not.toContain((await order('other-platform', { platform: 'wordpress' })).id);
      expect([leaving.id, golden.id]).not.toContain((await order('the-ready-one')).id);
      expect(ids).not.toContain((await order('none-left')).id);
    });

    it('is none that is for copying, whatever else its row says, nor one that nobody could tell from another', async () => {
      const golden = await begin({ purpose: 'golden' });
      expect(await members().enter(golden.id, OWNER, FINGERPRINT)).toBe(true);
      const unknown = await aReadyOne();
      const { kysely } = database.as('admin');
      await kysely.updateTable('pool_members').set({ fingerprint: null }).where('id', '=', unknown.id).execute();
      const known = await aReadyOne();

      expect((await order('first')).id).toBe(known.id);
      expect([golden.id, unknown.id]).not.toContain((await order('second')).id);
    });

    it('is made while nobody waits for a store: what is tried again later waits for its hour', async () => {
      const { leases, runStatistics } = database.repositories;
      const isBusy = () => runStatistics.hasDue(['provision', 'repair']);
      expect(await isBusy()).toBe(false);

      const { runId } = await aStore(database);
      expect(await isBusy()).toBe(true);
      expect(await runStatistics.hasDue(['teardown'])).toBe(false);
      const lease = await claimNow(database, runId);
      expect(await isBusy()).toBe(true);
      await leases.release(lease, { nextAttemptAt: new Date(Date.now() + MINUTE) });
      expect(await isBusy()).toBe(false);
      expect(await database.repositories.runs.counts()).toMatchObject({ waiting: 1 });
    });

    it('is claimed once, however many ask at the same moment, and comes back when the order fails', async () => {
      const ready = await Promise.all([aReadyOne(), aReadyOne(), aReadyOne()]);
      await order('taken');
      await expect(order('taken')).rejects.toMatchObject({ code: 'name_taken' });

      const stores = await Promise.all(Array.from({ length: 10 }, (_, index) => order(`shop-${index}`)));

      const ids = stores.map(({ id }) => id);
      expect(new Set(ids).size).toBe(10);
      expect(ids.filter((id) => ready.some((member) => member.id === id))).toHaveLength(2);
      expect(new Set(stores.map(({ port }) => port)).size).toBe(10);
    });

    it('is its maker’s alone while it is made, and forsaken when that is heard of no more', async () => {
      const member = await begin({ leaseMs: -1 });

      expect((await members().get(member.id)).isForsaken).toBe(true);
      expect(await members().renew(member.id, 'wrk_2', MINUTE)).toBe(false);
      expect(await members().enter(member.id, 'wrk_2', FINGERPRINT)).toBe(false);
      expect(await members().renew(member.id, OWNER, MINUTE)).toBe(true);
      expect((await members().get(member.id)).isForsaken).toBe(false);
      expect(await members().retire(member.id)).toBe(true);
      expect(await members().recordParts(member.id, OWNER, PARTS)).toBe(false);
      expect(await members().enter(member.id, OWNER, FINGERPRINT)).toBe(false);
    });

    it('that is set aside is nobody’s to have, keeps what it has of the pools, and leaves when it is retired', async () => {
      const member = await aReadyOne();

      expect(await members().setAside(member.id)).toBe(true);
      expect(await members().setAside(member.id)).toBe(false);
      const store = await order('another');
      expect([store.id, store.port, store.uid, store.network.subnet]).not.toContain(member.id);
      expect([store.port, store.uid, store.network.subnet]).not.toEqual([member.port, member.uid, member.subnet]);
      expect(store.uid).not.toBe(member.uid);
      await members().forget(member.id);
      expect([await members().has(member.id), (await members().get(member.id)).status]).toEqual([true, 'aside']);
      expect(await members().drain({}, SYSTEM, NOW)).toBe(0);
      expect(await members().retire(member.id)).toBe(true);
    });

    it('that a store has is not set aside', async () => {
      const member = await aReadyOne();
      await order('mine');
      expect(await members().setAside(member.id)).toBe(false);
    });

    it('that a store has cannot be thrown away, and is forgotten without a trace of the store', async () => {
      const member = await aReadyOne();
      const store = await order('mine');

      expect(await members().retire(member.id)).toBe(false);
      expect(await members().has(member.id)).toBe(false);
      await members().forget(member.id);
      expect(await members().list()).toEqual([]);
      expect(await database.repositories.stores.get(store.id)).toMatchObject({ port: member.port });
    });

    it('is told from what has become of it by a fingerprint, from the claim until it is forgotten', async () => {
      const member = await aReadyOne();
      expect((await members().get(member.id)).fingerprint).toBe(FINGERPRINT);
      expect(await members().fingerprintOf(member.id)).toBeUndefined();

      await order('mine');
      expect(await members().fingerprintOf(member.id)).toBe(FINGERPRINT);
      await members().forget(member.id);
      expect(await members().fingerprintOf(member.id)).toBeUndefined();
    });

    it('that waits is never forgotten before it has left', async () => {
      const member = await aReadyOne();
      await members().forget(member.id);
      expect((await members().list()).map(({ id }) => id)).toEqual([member.id]);
    });

    it('is drained by platform and plan, and by nothing else than that', async () => {
      const enter = async (changes: Parameters<typeof begin>[0]) => {
        const { id } = await begin(changes);
        await members().enter(id, OWNER, FINGERPRINT);
        return id;
      };
      const starter = await enter({});
      const business = await enter({ plan: 'business' });
      const other = await enter({ platform: 'wordpress', plan: 'business' });
      const making = await begin({ plan: 'business' });
      const leaving = async () =>
        (await members().list()).filter(({ status }) => status === 'leaving').map(({ id }) => id);

      expect(await members().drain({ platform: 'woocommerce', plan: 'business' }, SYSTEM, NOW)).toBe(1);
      expect(await leaving()).toEqual([business]);
      expect(await members().drain({ platform: 'wordpress' }, SYSTEM, NOW)).toBe(1);
      expect(await members().drain({}, SYSTEM, NOW)).toBe(1);
      expect((await leaving()).toSorted()).toEqual([starter, business, other].toSorted());
      expect((await members().get(making.id)).status).toBe('making');
    });

    it('is made as often as its platform and plan are ordered', async () => {
      const { stores } = database.repositories;
      await order('first');
      await order('second', { plan: 'business' });
      await order('third', { plan: 'business' });
      await order('fourth', { platform: 'wordpress' });

      const counts = await stores.countOrderedSince(new Date(NOW.getTime() - MINUTE));
      expect(counts.map(({ platform, plan, count }) => `${platform} ${plan} ${count}`).toSorted()).toEqual([
        'woocommerce business 2',
        'woocommerce starter 1',
        'wordpress starter 1',
      ]);
      expect(await stores.countOrderedSince(new Date(NOW.getTime() + MINUTE))).toEqual([]);
    });

    it('counts as given out until it is a store’s', async () => {
      await aReadyOne();
      await order('mine');
      await begin();

      expect(await database.repositories.runStatistics.allocated()).toEqual({ ports: 2, subnets: 2, uids: 2 });
    });

    it('is taken by pages too, which may neither make one nor see what it is made of', async () => {
      const member = await aReadyOne();
      const web = createRepositories(database.as('web'));

      const { store } = await web.stores.create(await aNewStore(database, { name: 'by-page' }), somePools());

      expect(store.id).toBe(member.id);
      await expect(web.poolMembers.partsOf(member.id)).rejects.toThrow();
      await expect(
        web.poolMembers.begin(
          { purpose: 'pool', platform: 'woocommerce', plan: 'starter', owner: 'x', leaseMs: 1, now: NOW },
          somePools(),
        ),
      ).rejects.toThrow();
    });
  });
});
