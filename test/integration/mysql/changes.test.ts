import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChangeKind, Lease, RunInput } from '../../../src/domain/run.ts';
import type { SuspendedBy } from '../../../src/domain/store.ts';
import { DAY } from '../../../src/lib/time.ts';
import { createDueDeletions } from '../../../src/monitoring/take-down-due-stores.ts';
import { forEachDatabase, type TestDatabase } from '../../services/for-each-database.ts';
import { aFailedStore, anActiveStore, anError, aStore, claimNow, NOW } from './fixtures.ts';

const LONG_AFTER = new Date(NOW.getTime() + 8 * DAY);

forEachDatabase((_, connect) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await connect();
  });
  beforeEach(() => database.reset());

  const ask = (storeId: string, kind: ChangeKind, by: SuspendedBy = 'owner', input?: RunInput): Promise<string> =>
    database.repositories.changes.request({
      storeId,
      kind,
      by,
      actor: by === 'owner' ? 'cus_1' : 'operator',
      now: NOW,
      ...(input === undefined ? {} : { input }),
    });

  /** The run, worked on as a worker would as far as the store's row goes. */
  async function perform(runId: string): Promise<void> {
    const { runs, changes, journal, leases } = database.repositories;
    const run = await runs.get(runId);
    const lease = await claimNow(database, runId);
    const marks: Partial<Record<string, (lease: Lease) => Promise<void>>> = {
      suspend: (held) => changes.markSuspended(held, run, NOW),
      resume: (held) => changes.markResumed(held, run, NOW),
      resize: (held) => changes.recordPlan(held, run, NOW),
      restart: (held) => changes.recordRestart(held, run, NOW),
      'schedule-delete': (held) => changes.markForDeletion(held, run, NOW),
      'undo-delete': (held) => changes.markKept(held, run, NOW),
    };
    await marks[run.kind]?.(lease);
    await marks[run.kind]?.(lease);
    await journal.runDone(lease);
    await leases.release(lease);
  }

  const done = async (storeId: string, kind: ChangeKind, by?: SuspendedBy, input?: RunInput): Promise<void> =>
    perform(await ask(storeId, kind, by, input));

  const get = (storeId: string) => database.repositories.stores.get(storeId);

  describe('a store that is suspended by an operator', () => {
    it('keeps reason and text, and is not opened by its owner, whoever asks first', async () => {
      const { store } = await anActiveStore(database);
      await done(store.id, 'suspend', 'operator', { reason: 'unpaid', text: 'A payment is missing.' });

      expect(await get(store.id)).toMatchObject({
        status: 'suspended',
        suspension: { by: 'operator', reason: 'unpaid', text: 'A payment is missing.', at: NOW },
      });
      await expect(ask(store.id, 'resume')).rejects.toMatchObject({ code: 'not_allowed_now' });

      await done(store.id, 'resume', 'operator');
      expect(await get(store.id)).toMatchObject({ status: 'active', suspension: null });
    });

    it('is not opened by a wish of its owner while the closing still waits', async () => {
      const { store } = await anActiveStore(database);
      const closing = await ask(store.id, 'suspend', 'operator', { reason: 'abuse' });

      await expect(ask(store.id, 'resume')).rejects.toMatchObject({ code: 'not_allowed_now' });

      expect((await database.repositories.runs.get(closing)).status).toBe('queued');
    });

    it('stays what the operator made of it when its owner has paused it before', async () => {
      const { store } = await anActiveStore(database);
      await done(store.id, 'suspend');
      await done(store.id, 'suspend', 'operator', { reason: 'abuse' });

      expect((await get(store.id)).suspension).toMatchObject({ by: 'operator', reason: 'abuse' });
      await expect(ask(store.id, 'suspend')).rejects.toMatchObject({ code: 'not_allowed_now' });
    });
  });

  it('a new password is asked for alone, and what is asked for after it does not call it off', async () => {
    const { store } = await anActiveStore(database);
    const closing = await ask(store.id, 'suspend');
    await expect(ask(store.id, 'rotate-database')).rejects.toMatchObject({ code: 'not_allowed_now' });
    await perform(closing);
    await expect(ask(store.id, 'rotate-admin')).rejects.toMatchObject({ code: 'not_allowed_now' });
    await done(store.id, 'resume');

    const rotation = await ask(store.id, 'rotate-database');
    expect(await ask(store.id, 'rotate-database')).toBe(rotation);
    await expect(ask(store.id, 'rotate-admin')).rejects.toMatchObject({ code: 'not_allowed_now' });
    await ask(store.id, 'suspend', 'operator', { reason: 'abuse' });
    await ask(store.id, 'schedule-delete');
    expect((await database.repositories.runs.get(rotation)).status).toBe('queued');
  });

  it('a restart is written into the ledger once, however often its run is taken up; the next one again', async () => {
    const { store } = await anActiveStore(database);
    const lines = async (): Promise<number> => {
      const { lines: found } = await database.repositories.audit.page({ storeId: store.id }, { limit: 20 });
      return found.filter(({ action }) => action === 'store.restarted').length;
    };

    await done(store.id, 'restart');
    expect([(await get(store.id)).status, await lines()]).toEqual(['active', 1]);
    await done(store.id, 'restart');
    expect(await lines()).toBe(2);
  });

  it('a restart that still waits is called off by whoever closes the store', async () => {
    const { store } = await anActiveStore(database);
    for (const closing of ['suspend', 'schedule-delete'] as const) {
      const waiting = await ask(store.id, 'restart');
      await done(store.id, closing);
      expect((await database.repositories.runs.get(waiting)).status, closing).toBe('failed');
      await expect(ask(store.id, 'restart'), closing).rejects.toMatchObject({ code: 'not_allowed_now' });
      if (closing === 'suspend') await done(store.id, 'resume');
    }
  });

  it('how far a change of the address is stays known until it ends, once, and to its own run alone', async () => {
    const { store } = await anActiveStore(database);
    const { addressChanges, audit } = database.repositories;
    const { kysely } = database.as('admin');
    const hostname = 'own.example.org';
    await kysely
      .insertInto('domains')
      .values({ hostname, store_id: store.id, kind: 'custom', created_at: NOW })
      .execute();
    await kysely
      .insertInto('own_domains')
      .values({
        id: 'dom_1',
        store_id: store.id,
        hostname,
        state: 'valid',
        token: 't',
        diagnoses_json: '[]',
        created_at: NOW,
        next_check_at: NOW,
      })
      .execute();
    const wish = { storeId: store.id, hostname, by: 'owner' as const, actor: 'cus_1', now: NOW };
    const lease = await claimNow(database, await addressChanges.request(wish));
    const finish = () => addressChanges.finish(lease, { from: store.domain, to: hostname, isDone: false });

    expect(await addressChanges.stageOf(lease)).toBe('forward');
    await addressChanges.setStage(lease, 'restored');
    expect(await addressChanges.stageOf(lease)).toBe('restored');
    expect(await addressChanges.stageOf({ ...lease, runId: 'run_of_another' })).toBe('over');

    await finish();
    await finish();
    expect(await addressChanges.stageOf(lease)).toBe('over');
    await expect(addressChanges.setStage(lease, 'back')).rejects.toMatchObject({ code: 'lease_lost' });
    const lines = await audit.list({ target: hostname });
    expect(lines.filter(({ action }) => action === 'domain.primary_changed')).toHaveLength(1);
  });

  it('a later wish calls an earlier one off, also one that is being worked on', async () => {
    const { store } = await anActiveStore(database);
    await done(store.id, 'suspend');
    const opening = await ask(store.id, 'resume');
    const lease = await claimNow(database, opening);

    await ask(store.id, 'suspend', 'operator', { reason: 'abuse' });

    const { runs, leases, changes } = database.repositories;
    expect((await runs.get(opening)).status).toBe('failed');
    expect(await leases.renew(lease, DAY)).toBe(false);
    await expect(changes.markResumed(lease, await runs.get(opening), NOW)).rejects.toMatchObject({
      code: 'lease_lost',
    });
  });

  it('the same wish, however often, is one run with one line in the ledger', async () => {
    const { store } = await anActiveStore(database);
    const asked = await Promise.all(Array.from({ length: 8 }, () => ask(store.id, 'suspend')));

    expect(new Set(asked).size).toBe(1);
    const lines = await database.repositories.audit.list({ target: store.id });
    expect(lines.filter(({ action }) => action === 'store.suspend_requested')).toHaveLength(1);
  });

  it('a run of a kind that may not work on the store as it is waits, and is had again afterwards', async () => {
    const { store } = await anActiveStore(database);
    const { runs, leases } = database.repositories;
    const repair = await runs.queueRepair({ storeId: store.id, actor: 'test', now: NOW });
    await done(store.id, 'schedule-delete');
    const again = { runId: repair, owner: 'w', leaseMs: DAY };

    // Called off, since a repair would start what is to stand still.
    expect((await runs.get(repair)).status).toBe('failed');
    const closing = await ask(store.id, 'undo-delete').then(async (undo) => {
      await perform(undo);
      return ask(store.id, 'suspend');
    });
    await perform(await ask(store.id, 'schedule-delete'));
    expect(await leases.claim({ ...again, runId: closing })).toBeUndefined();
    expect(await runs.due(new Date(Date.now() + DAY), 10)).not.toContain(closing);
    await perform(await ask(store.id, 'undo-delete'));
    expect(await runs.due(new Date(Date.now() + DAY), 10)).toContain(closing);
  });

  it('no change is to be had of a store that is still being made', async () => {
    const { store } = await aStore(database);
    for (const kind of ['suspend', 'resume', 'restart', 'schedule-delete', 'undo-delete'] as const) {
      await expect(ask(store.id, kind), kind).rejects.toMatchObject({ code: 'not_allowed_now' });
    }
  });

  describe('how many stores somebody may have', () => {
    it('is what the highest plan holds, also for many who ask at once and for one in its days of grace', async () => {
      const { store } = await anActiveStore(database);
      const { customerId } = store;
      await done(store.id, 'schedule-delete');
      const asked = await Promise.allSettled(Array.from({ length: 5 }, () => aStore(database, { customerId })));

      const refused = asked.filter(({ status }) => status === 'rejected');
      expect(refused).toHaveLength(3);
      for (const outcome of refused) expect(outcome).toMatchObject({ reason: { code: 'too_many_stores' } });
      await aStore(database, { customerId, plan: 'business' });
      await aStore(database, { customerId });
    });

    it('keeps a store from a plan that holds fewer than there are', async () => {
      const { store } = await anActiveStore(database);
      const { customerId } = store;
      await done(store.id, 'resize', 'owner', { plan: 'business' });
      expect((await get(store.id)).plan).toBe('business');
      for (let more = 0; more < 3; more += 1) await aStore(database, { customerId });

      await expect(ask(store.id, 'resize', 'owner', { plan: 'starter' })).rejects.toMatchObject({
        code: 'too_many_stores',
      });
      expect(await ask(store.id, 'resize', 'owner', { plan: 'scale' })).toMatch(/^run_/);
    });
  });

  describe('a change of plan that still waits', () => {
    /** Somebody with five stores, two of a plan that holds ten. */
    async function withTwoLarge(): Promise<{ customerId: string; large: string[] }> {
      const { store } = await anActiveStore(database);
      const { customerId } = store;
      await done(store.id, 'resize', 'owner', { plan: 'business' });
      const { store: second, runId } = await aStore(database, { customerId, plan: 'business' });
      const { stores, journal, leases } = database.repositories;
      const lease = await claimNow(database, runId);
      await stores.beginProvisioning(lease);
      await stores.activate(lease, NOW);
      await journal.runDone(lease);
      await leases.release(lease);
      for (let more = 0; more < 3; more += 1) await aStore(database, { customerId });
      return { customerId, large: [store.id, second.id] };
    }
    const tooMany = { code: 'too_many_stores' };

    it('counts as the smaller plan already, for other changes and for one more store', async () => {
      const { customerId, large } = await withTwoLarge();
      const [one = '', other = ''] = large;
      await ask(one, 'resize', 'owner', { plan: 'starter' });

      await expect(ask(other, 'resize', 'owner', { plan: 'starter' })).rejects.toMatchObject(tooMany);
      await aStore(database, { customerId });
      await database
        .as('admin')
        .kysely.updateTable('stores')
        .set({ plan: 'starter' })
        .where('id', '=', other)
        .execute();
      await expect(aStore(database, { customerId })).rejects.toMatchObject(tooMany);
    });

    it('does not count as the larger plan before it is there', async () => {
      const { store } = await anActiveStore(database);
      const { customerId } = store;
      for (let more = 0; more < 2; more += 1) await aStore(database, { customerId });
      const growing = await ask(store.id, 'resize', 'owner', { plan: 'business' });

      await expect(aStore(database, { customerId })).rejects.toMatchObject(tooMany);
      await perform(growing);
      await aStore(database, { customerId });
    });

    it('of two that are asked for at once only one is had, and no store slips in beside it', async () => {
      for (let round = 0; round < 5; round += 1) {
        const { customerId, large } = await withTwoLarge();
        const asked = await Promise.allSettled([
          ...large.map((id) => ask(id, 'resize', 'owner', { plan: 'starter' })),
          aStore(database, { customerId }),
        ]);
        const [first, second, more] = asked.map(({ status }) => status);

        expect([first, second].filter((status) => status === 'fulfilled')).toHaveLength(1);
        expect(more).toBe('fulfilled');
      }
    });
  });

  describe("an owner's deletion", () => {
    const previously = {
      active: async () => (await anActiveStore(database)).store.id,
      failed: async () => (await aFailedStore(database)).store.id,
      suspended: async () => {
        const { store } = await anActiveStore(database);
        await done(store.id, 'suspend', 'operator', { reason: 'unpaid' });
        return store.id;
      },
    };

    it.each(['active', 'failed', 'suspended'] as const)('of a store that is %s can be undone', async (status) => {
      const id = await previously[status]();
      const before = await get(id);

      await done(id, 'schedule-delete');
      expect(await get(id)).toMatchObject({
        status: 'deletion-scheduled',
        deletion: { previousStatus: status, at: NOW, dueAt: new Date(NOW.getTime() + 7 * DAY) },
      });
      await done(id, 'undo-delete');

      expect(await get(id)).toEqual({ ...before, health: 'unknown' });
    });

    it('is done when its days are over, not before, and not while it is being undone', async () => {
      const { changes, runs } = database.repositories;
      const id = await previously.active();
      await done(id, 'schedule-delete');

      expect(await changes.dueForDeletion(new Date(NOW.getTime() + 6 * DAY), 10)).toEqual([]);
      expect(await changes.requestDueTeardown(id, NOW)).toBeUndefined();
      expect(await changes.dueForDeletion(LONG_AFTER, 10)).toEqual([id]);

      const undo = await ask(id, 'undo-delete');
      expect(await changes.requestDueTeardown(id, LONG_AFTER)).toBeUndefined();
      await perform(undo);
      await done(id, 'schedule-delete');

      const teardown = await changes.requestDueTeardown(id, LONG_AFTER);
      expect((await runs.get(teardown ?? '')).kind).toBe('teardown');
      expect((await get(id)).status).toBe('deleting');
      await expect(ask(id, 'undo-delete')).rejects.toMatchObject({ code: 'not_allowed_now' });
    });

    it('is not done while an undo of it stands that has failed, and holds up no other', async () => {
      const { changes, journal, leases } = database.repositories;
      const [kept, other] = [await previously.active(), await previously.failed()];
      for (const id of [kept, other]) await done(id, 'schedule-delete');
      const lease = await claimNow(database, await ask(kept, 'undo-delete'));
      await journal.runFailed(lease, anError({ retryable: false }));
      await leases.release(lease);

      expect(await changes.requestDueTeardown(kept, LONG_AFTER)).toBeUndefined();
      expect(await changes.dueForDeletion(LONG_AFTER, 1)).toEqual([other]);
      expect((await get(kept)).status).toBe('deletion-scheduled');

      await perform(await ask(kept, 'undo-delete'));
      expect((await get(kept)).status).toBe('active');
    });

    it('is done by the chore once its moment is past, with nobody ringing by hand; a bell that fails holds up no other', async () => {
      const { changes, runs } = database.repositories;
      const [first, second, later] = [await previously.active(), await previously.failed(), await previously.active()];
      for (const id of [first, second, later]) await done(id, 'schedule-delete');
      const { kysely } = database.as('admin');
      const dueAt = new Date(Date.now() + DAY);
      await kysely.updateTable('store_deletions').set({ due_at: dueAt }).where('store_id', '=', later).execute();
      const told: string[] = [];
      const rung: string[] = [];
      const chore = createDueDeletions({
        due: (limit) => changes.dueForDeletion(new Date(), limit),
        requestTeardown: (id) => changes.requestDueTeardown(id, new Date()),
        ring: async (runId) => {
          rung.push(runId);
          if (rung.length === 1) throw new Error('no bell');
        },
        log: (id) => told.push(id),
      });

      await expect(chore()).rejects.toThrow('no bell');
      await chore();

      expect(told.toSorted()).toEqual([first, second].toSorted());
      expect(await Promise.all([first, second, later].map(async (id) => (await get(id)).status))).toEqual([
        'deleting',
        'deleting',
        'deletion-scheduled',
      ]);
      // The one whose bell failed waits for the sweep.
      expect(new Set(await runs.due(new Date(), 10))).toEqual(new Set(rung));
    });
  });
});
