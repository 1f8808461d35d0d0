import { createHash } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSecretVault } from '../../../src/adapters/mysql/secret-vault.ts';
import { LeaseLostError } from '../../../src/domain/errors.ts';
import { type Lease, STEP_NAMES } from '../../../src/domain/run.ts';
import { MINUTE, SECOND } from '../../../src/lib/time.ts';
import { aRun } from '../../fakes/fake-world.ts';
import { forEachDatabase, type TestDatabase } from '../../services/for-each-database.ts';
import {
  aFailedStore,
  aLeasedStore,
  anActiveStore,
  anError,
  aStore,
  claimNow,
  farewell,
  letLeaseDie,
  NOW,
  somePools,
} from './fixtures.ts';

const SOON = () => new Date(Date.now() + MINUTE);
const TEST_SEALER = {
  seal: (clear: string) => Promise.resolve({ keyId: 'k', text: createHash('sha256').update(clear).digest('hex') }),
  open: () => Promise.resolve('clear'),
};

/** Everything that takes a lease, with arguments that would work if the lease did. */
function writesUnderLease(database: TestDatabase): Record<string, (lease: Lease) => Promise<unknown>> {
  const { stores, changes, journal, routes, outbox } = database.repositories;
  const run = aRun(() => 'waiting');
  const vault = createSecretVault(database.as('worker'), TEST_SEALER);
  return {
    'stores.beginProvisioning': (lease) => stores.beginProvisioning(lease),
    'stores.activate': (lease) => stores.activate(lease, NOW),
    'stores.fail': (lease) => stores.fail(lease, anError()),
    'stores.recordMade': (lease) => stores.recordMade(lease, { images: { web: 'x' } }),
    'stores.remove': (lease) => stores.remove(lease, farewell),
    'changes.markSuspended': (lease) => changes.markSuspended(lease, run, NOW),
    'changes.markResumed': (lease) => changes.markResumed(lease, run, NOW),
    'changes.markForDeletion': (lease) => changes.markForDeletion(lease, run, NOW),
    'changes.recordRestart': (lease) => changes.recordRestart(lease, run, NOW),
    'changes.recordPlan': (lease) => changes.recordPlan(lease, { ...run, input: { plan: 'business' } }, NOW),
    'changes.markKept': (lease) => changes.markKept(lease, run, NOW),
    'stores.moveToAnotherPort': (lease) => stores.moveToAnotherPort(lease, somePools()),
    'journal.stepStarted': (lease) => journal.stepStarted(lease, 'activate'),
    'journal.stepDone': (lease) => journal.stepDone(lease, 'activate', null),
    'journal.stepFailed': (lease) => journal.stepFailed(lease, 'activate', anError(), null, { willRetry: true }),
    'journal.stepSkipped': (lease) => journal.stepSkipped(lease, 'activate'),
    'journal.stepUndone': (lease) => journal.stepUndone(lease, 'activate'),
    'journal.runDone': (lease) => journal.runDone(lease),
    'journal.runFailed': (lease) => journal.runFailed(lease, anError()),
    'routes.put': (lease) =>
      routes.put(lease, { hostname: 'x.localhost', storeId: lease.storeId, port: 1, state: 'live' }),
    'routes.announce': (lease) =>
      routes.announce(lease, { hostname: 'x.localhost', storeId: lease.storeId, port: 1, state: 'making' }),
    'routes.setState': (lease) => routes.setState(lease, 'failed'),
    'routes.remove': (lease) => routes.remove(lease),
    'outbox.enqueue': (lease) =>
      outbox.enqueue({ uniqueKey: 'x', storeId: lease.storeId, recipient: 'a@b.test', kind: 'x', now: NOW }, lease),
    'secrets.getOrCreate': (lease) => vault.getOrCreate({ storeId: lease.storeId, makers: { x: () => 'y' } }, lease),
    'secrets.nextOf': (lease) => vault.nextOf('db-password', () => 'y', lease),
    'secrets.replace': (lease) =>
      vault.replace(
        'db-password',
        { actor: 'system', action: 'x', target: lease.storeId, details: {}, at: NOW },
        lease,
      ),
    'secrets.wipe': (lease) => vault.wipe(lease),
  };
}

forEachDatabase((_, connect) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await connect();
  });
  beforeEach(() => database.reset());

  describe('a lease', () => {
    it('is had by exactly one of many workers', async () => {
      const { store, runId } = await aStore(database);

      const claims = await Promise.all(
        Array.from({ length: 12 }, (_unused, index) =>
          database.repositories.leases.claim({ runId, owner: `worker-${index}`, leaseMs: MINUTE }),
        ),
      );

      const [lease, ...more] = claims.filter((claim) => claim !== undefined);
      expect(more).toEqual([]);
      expect(lease).toMatchObject({ storeId: store.id, runId, fence: 1 });
      const run = await database.repositories.runs.get(runId);
      expect(run.status).toBe('running');
      expect(Math.abs(Date.now() - (run.startedAt?.getTime() ?? 0))).toBeLessThan(5 * SECOND);
    });

    it('is longer after being renewed, also when nothing else changed', async () => {
      const { lease, store } = await aLeasedStore(database);
      const { leases, stores } = database.repositories;

      expect(await leases.renew(lease, MINUTE)).toBe(true);
      expect(await leases.renew(lease, MINUTE)).toBe(true);

      expect(await stores.isFree(store.id, ['pending'])).toBe(false);
      expect(await leases.renew({ ...lease, fence: lease.fence - 1 }, MINUTE)).toBe(false);
      expect(await leases.renew({ ...lease, owner: 'somebody else' }, MINUTE)).toBe(false);
    });

    it('that ends with a failed step counts as a failure of its run; a step that is tried again does not', async () => {
      const { lease, runId } = await aFailedStore(database);
      const { runs, journal } = database.repositories;
      expect(await runs.countFailures(runId)).toBe(1);
      const again = await claimNow(
        database,
        await runs.queueRetry({ storeId: lease.storeId, actor: 'test', now: NOW }),
      );

      await journal.stepFailed(again, 'issue-secrets', anError(), null, { willRetry: true });
      expect(await runs.countFailures(runId)).toBe(1);
      await journal.stepFailed(again, 'issue-secrets', anError(), null, { willRetry: false });

      expect(await runs.countFailures(runId)).toBe(2);
    });

    it('that ran out is still good while nobody else has come', async () => {
      const { lease, store } = await aLeasedStore(database);
      const { leases, journal, stores } = database.repositories;
      await letLeaseDie(database, store.id);
      expect(await stores.isFree(store.id, ['pending'])).toBe(true);
      expect(await stores.isFree(store.id, ['active', 'suspended'])).toBe(false);

      await journal.stepStarted(lease, 'create-directory');

      expect(await leases.renew(lease, MINUTE)).toBe(true);
      expect(await leases.claim({ runId: lease.runId, owner: 'worker-2', leaseMs: MINUTE })).toBeUndefined();
    });

    it('goes to another worker once it ran out, with a higher fence', async () => {
      const { lease, store } = await aLeasedStore(database);
      await letLeaseDie(database, store.id);

      const next = await claimNow(database, lease.runId, 'worker-2');

      expect(next.fence).toBe(lease.fence + 1);
      expect(await database.repositories.leases.renew(lease, MINUTE)).toBe(false);
    });

    it('ends by itself after its time, by the database clock', async () => {
      const { runId } = await aStore(database);
      const { leases } = database.repositories;
      await leases.claim({ runId, owner: 'worker-1', leaseMs: 50 });

      await expect
        .poll(() => leases.claim({ runId, owner: 'worker-2', leaseMs: MINUTE }), { interval: 10, timeout: 5 * SECOND })
        .toMatchObject({ fence: 2 });
    });

    it('cannot be had for a run that is over, unknown or not due yet', async () => {
      const { leases } = database.repositories;
      const done = await anActiveStore(database);
      const { lease, runId } = await aLeasedStore(database);
      await leases.release(lease, { nextAttemptAt: SOON() });

      expect(await leases.claim({ runId: done.runId, owner: 'worker-1', leaseMs: MINUTE })).toBeUndefined();
      expect(await leases.claim({ runId: 'run_nobody', owner: 'worker-1', leaseMs: MINUTE })).toBeUndefined();
      expect(await leases.claim({ runId, owner: 'worker-1', leaseMs: MINUTE })).toBeUndefined();
      expect(await leases.claim({ runId, owner: 'worker-1', leaseMs: MINUTE, now: SOON() })).toBeDefined();
    });

    it('of a dead worker is ended at once, and its fence with it', async () => {
      const { lease, store } = await aLeasedStore(database, 'dead');
      const living = await aLeasedStore(database, 'living');
      const { leases, runs } = database.repositories;

      await leases.expireOwnedBy(['dead', 'dead-too']);

      expect(await runs.due(SOON(), 10)).toEqual([lease.runId]);
      expect(await leases.renew(lease, MINUTE)).toBe(false);
      expect(await leases.renew(living.lease, MINUTE)).toBe(true);
      expect((await claimNow(database, lease.runId)).fence).toBeGreaterThan(lease.fence + 1);
      expect(store.id).toBe(lease.storeId);
    });

    it('released without a verdict puts the run back into the queue', async () => {
      const { lease, runId } = await aLeasedStore(database);
      const { leases, runs } = database.repositories;

      await leases.release(lease);
      await leases.release(lease);

      expect((await runs.get(runId)).status).toBe('queued');
      expect(await runs.due(new Date(), 10)).toEqual([runId]);
    });

    it('released late, by a worker that lost it, changes nothing for the new owner', async () => {
      const { lease, store, runId } = await aLeasedStore(database);
      const { leases, runs } = database.repositories;
      await letLeaseDie(database, store.id);
      const next = await claimNow(database, runId, 'worker-2');

      await leases.release(lease, { nextAttemptAt: SOON() });

      expect(await leases.renew(next, MINUTE)).toBe(true);
      expect((await runs.get(runId)).status).toBe('running');
    });
  });

  describe('an old fence', () => {
    const losses: Record<string, (leased: { lease: Lease }) => Promise<unknown>> = {
      'taken over': async ({ lease }) => {
        await letLeaseDie(database, lease.storeId);
        return claimNow(database, lease.runId, lease.owner);
      },
      released: ({ lease }) => database.repositories.leases.release(lease),
      'of a worker declared dead': ({ lease }) => database.repositories.leases.expireOwnedBy([lease.owner]),
      'of a store whose deletion was asked for': ({ lease }) =>
        database.repositories.stores.requestTeardown({ id: lease.storeId, actor: 'test', now: NOW }),
      'of a store that is gone': async ({ lease }) => {
        await database.repositories.leases.release(lease);
        const teardown = await database.repositories.stores.requestTeardown({
          id: lease.storeId,
          actor: 'test',
          now: NOW,
        });
        await database.repositories.stores.remove(await claimNow(database, teardown), farewell);
      },
    };

    it.each(Object.entries(losses))('%s: every single write is refused and changes nothing', async (_loss, lose) => {
      const leased = await aLeasedStore(database);
      await database.repositories.stores.beginProvisioning(leased.lease);
      await lose(leased);
      const seen = () =>
        Promise.all([
          database.repositories.stores.list(),
          database.repositories.runs.list(),
          database.repositories.runs.events(leased.store.id, 0, 100),
          database.repositories.routes.list(),
          database.repositories.outbox.counts(),
        ]);
      const before = await seen();

      for (const [name, write] of Object.entries(writesUnderLease(database))) {
        await expect(write(leased.lease), name).rejects.toBeInstanceOf(LeaseLostError);
      }

      expect(await seen()).toEqual(before);
    });

    it('is what every method that takes a lease asks for', () => {
      const { stores, changes, journal, routes } = database.repositories;
      const covered = new Set(Object.keys(writesUnderLease(database)));
      const unfenced = new Set([
        ...[
          'create',
          'find',
          'get',
          'findByName',
          'takenNames',
          'list',
          'countByStatus',
          'countOrderedSince',
          'recordHealth',
          'requestTeardown',
          'isFree',
          'namesOf',
          'hostnamesOf',
          'request',
          'dueForDeletion',
          'requestDueTeardown',
        ],
      ]);
      const all = Object.entries({ stores, changes, journal, routes }).flatMap(([name, repository]) =>
        Object.keys(repository)
          .filter((method) => !unfenced.has(method))
          .map((method) => `${name}.${method}`),
      );

      expect(all.filter((method) => !covered.has(method))).toEqual([]);
    });

    it('cannot slip a write in between the check and a take-over', async () => {
      const { lease, store } = await aLeasedStore(database);
      const { journal } = database.repositories;
      await letLeaseDie(database, store.id);

      const [next, ...writes] = await Promise.allSettled([
        claimNow(database, lease.runId, 'worker-2'),
        ...STEP_NAMES.map((step) => journal.stepDone(lease, step, null)),
      ]);

      expect(next.status).toBe('fulfilled');
      const accepted = writes.filter(({ status }) => status === 'fulfilled').length;
      const run = await database.repositories.runs.get(lease.runId);
      expect(run.steps.filter(({ status }) => status === 'done')).toHaveLength(accepted);
      await expect(journal.stepDone(lease, 'activate', null)).rejects.toBeInstanceOf(LeaseLostError);
    });
  });

  describe('the journal', () => {
    it('tells the story of a run, line by line', async () => {
      const { lease, store, runId } = await aLeasedStore(database);
      const { journal, runs } = database.repositories;

      await journal.stepStarted(lease, 'create-directory');
      await journal.stepDone(lease, 'create-directory', 'made it 📁', 'issue-secrets');
      await journal.stepFailed(lease, 'issue-secrets', anError(), 'tail', { willRetry: true });
      const waiting = await runs.get(runId);
      await journal.stepStarted(lease, 'issue-secrets');
      await journal.stepFailed(lease, 'issue-secrets', anError(), 'tail', { willRetry: false });
      await journal.stepSkipped(lease, 'send-welcome-mail');
      await journal.runFailed(lease, anError());

      expect(waiting.steps[1]).toMatchObject({ status: 'waiting', error: anError(), logTail: 'tail' });
      const run = await runs.get(runId);
      expect(run).toMatchObject({ status: 'failed', error: anError() });
      expect(run.finishedAt).toBeInstanceOf(Date);
      expect(run.steps[0]).toMatchObject({ status: 'done', error: null, logTail: 'made it 📁' });
      expect(run.steps[1]).toMatchObject({ status: 'failed', error: anError() });
      expect(run.steps[8]).toMatchObject({ status: 'skipped' });
      const events = await runs.events(store.id, 0, 100);
      expect(events.map(({ step, kind }) => [step, kind])).toEqual([
        ['create-directory', 'started'],
        ['create-directory', 'done'],
        ['issue-secrets', 'started'],
        ['issue-secrets', 'retrying'],
        ['issue-secrets', 'started'],
        ['issue-secrets', 'failed'],
        ['send-welcome-mail', 'skipped'],
        [null, 'run_failed'],
      ]);
      expect(events[3]?.details).toMatchObject({ error: { code: 'container_unhealthy' } });
      expect(await runs.events(store.id, events[5]?.id ?? 0, 1)).toEqual([events[6]]);
    });

    it('keeps a log tail of any size and content', async () => {
      const { lease, runId } = await aLeasedStore(database);
      const tail = `\u0000'"\\ 🙂\n`.repeat(20_000);

      await database.repositories.journal.stepDone(lease, 'activate', tail);

      expect((await database.repositories.runs.get(runId)).steps[9]?.logTail).toBe(tail);
    });
  });

  describe('a retry', () => {
    it('is the same run again, from where it failed', async () => {
      const { store, runId } = await aFailedStore(database);
      const { runs } = database.repositories;

      expect(await runs.queueRetry({ storeId: store.id, actor: 'ops', now: NOW })).toBe(runId);

      const run = await runs.get(runId);
      expect(run).toMatchObject({ status: 'queued', attempt: 2, error: null, finishedAt: null });
      expect(run.steps.slice(0, 3).map(({ status }) => status)).toEqual(['done', 'waiting', 'waiting']);
      expect(await runs.due(new Date(), 10)).toEqual([runId]);
      expect((await database.repositories.audit.list({ target: store.id }))[0]).toMatchObject({
        action: 'store.retry_requested',
        actor: 'ops',
      });
    });

    it('is taken for a pending store nobody has rung for', async () => {
      const { store, runId } = await aStore(database);

      expect(await database.repositories.runs.queueRetry({ storeId: store.id, actor: 'ops', now: NOW })).toBe(runId);
    });

    it('is refused while somebody works on the store, and for any other status', async () => {
      const { runs, stores } = database.repositories;
      const leased = await aLeasedStore(database);
      const active = await anActiveStore(database);
      const deleting = await aFailedStore(database);
      await stores.requestTeardown({ id: deleting.store.id, actor: 'ops', now: NOW });

      for (const { store } of [leased, active, deleting]) {
        await expect(runs.queueRetry({ storeId: store.id, actor: 'ops', now: NOW })).rejects.toMatchObject({
          code: 'not_allowed_now',
        });
      }
      await expect(runs.queueRetry({ storeId: 'sto_nobody', actor: 'ops', now: NOW })).rejects.toMatchObject({
        code: 'not_found',
      });
    });
  });

  describe('a repair', () => {
    it('is a new run of an active store, and one at a time', async () => {
      const { store, runId } = await anActiveStore(database);
      const { runs } = database.repositories;

      const first = await runs.queueRepair({ storeId: store.id, actor: 'ops', now: new Date() });
      const second = await runs.queueRepair({ storeId: store.id, actor: 'ops', now: new Date() });

      expect(second).toBe(first);
      expect(first).not.toBe(runId);
      expect(await runs.latest(store.id)).toMatchObject({ id: first, kind: 'repair', status: 'queued' });
    });

    it('is refused for a store that is not active', async () => {
      const { store } = await aFailedStore(database);

      await expect(
        database.repositories.runs.queueRepair({ storeId: store.id, actor: 'ops', now: NOW }),
      ).rejects.toMatchObject({ code: 'not_allowed_now', hint: expect.stringContaining('retried') });
    });
  });

  describe('a teardown', () => {
    it('may be asked for in any status, twice, and has ten lines of its own', async () => {
      const { stores, runs } = database.repositories;
      const candidates = [await aStore(database), await aFailedStore(database), await anActiveStore(database)];
      for (const { store } of candidates) {
        const request = { id: store.id, actor: 'ops', now: new Date() };

        const runId = await stores.requestTeardown(request);

        expect(await stores.requestTeardown(request)).toBe(runId);
        expect((await stores.get(store.id)).status).toBe('deleting');
        const run = await runs.get(runId);
        expect(run).toMatchObject({ kind: 'teardown', status: 'queued', attempt: 1 });
        expect(run.steps.map(({ status }) => status)).toEqual(STEP_NAMES.map(() => 'waiting'));
      }
    });

    it('of a cancelled store is for one that was never open, also when that was so a moment ago', async () => {
      const { stores } = database.repositories;
      const [opened, failed] = [await anActiveStore(database), await aFailedStore(database)];
      const cancel = (id: string) => stores.requestTeardown({ id, actor: 'cus_1', now: NOW, whileBeingMade: true });

      await expect(cancel(opened.store.id)).rejects.toMatchObject({ code: 'not_allowed_now' });
      expect((await stores.get(opened.store.id)).status).toBe('active');
      const runId = await cancel(failed.store.id);
      expect(await cancel(failed.store.id)).toBe(runId);
      expect((await stores.get(failed.store.id)).status).toBe('deleting');
    });

    it('calls off the run that is under way and waits for its worker to let go', async () => {
      const { lease, store, runId } = await aLeasedStore(database);
      const { stores, runs, leases } = database.repositories;

      const teardown = await stores.requestTeardown({ id: store.id, actor: 'ops', now: NOW });

      expect(await runs.get(runId)).toMatchObject({
        status: 'failed',
        error: { message: expect.stringContaining('Called off') },
      });
      expect(await leases.renew(lease, MINUTE)).toBe(false);
      expect(await runs.due(SOON(), 10)).toEqual([]);
      expect(await leases.claim({ runId: teardown, owner: 'worker-2', leaseMs: MINUTE })).toBeUndefined();
      await leases.release(lease);
      expect(await runs.due(SOON(), 10)).toEqual([teardown]);
      const next = await claimNow(database, teardown, 'worker-2');
      expect(await leases.renew(next, MINUTE)).toBe(true);
      expect((await runs.get(runId)).status).toBe('failed');
    });

    it('that failed is queued again by asking again', async () => {
      const { store } = await aStore(database);
      const { stores, runs, journal, leases } = database.repositories;
      const request = { id: store.id, actor: 'ops', now: NOW };
      const lease = await claimNow(database, await stores.requestTeardown(request));
      await journal.stepUndone(lease, 'activate');
      await journal.stepFailed(lease, 'save-credentials', anError(), null, { willRetry: false });
      await stores.fail(lease, anError());
      await journal.runFailed(lease, anError());
      await leases.release(lease);

      expect(await stores.requestTeardown(request)).toBe(lease.runId);

      const run = await runs.get(lease.runId);
      expect(run).toMatchObject({ status: 'queued', attempt: 2 });
      expect(run.steps.slice(-3).map(({ status }) => status)).toEqual(['waiting', 'waiting', 'done']);
      expect(await stores.get(store.id)).toMatchObject({ status: 'deleting', error: anError() });
    });

    it('asked for many times at once is one run', async () => {
      const { store } = await aStore(database);

      const ids = await Promise.all(
        Array.from({ length: 8 }, () =>
          database.repositories.stores.requestTeardown({ id: store.id, actor: 'ops', now: NOW }),
        ),
      );

      expect(new Set(ids).size).toBe(1);
    });
  });

  describe('what is due', () => {
    it('is what waits or was abandoned, longest waiting first, and no more than asked for', async () => {
      const { runs, leases } = database.repositories;
      const waiting = await aStore(database);
      const later = await aLeasedStore(database);
      await leases.release(later.lease, { nextAttemptAt: new Date(Date.now() + 30 * SECOND) });
      const busy = await aLeasedStore(database);
      const abandoned = await aLeasedStore(database);
      await letLeaseDie(database, abandoned.store.id);
      await anActiveStore(database);
      await aFailedStore(database);

      expect(await runs.due(new Date(), 10)).toEqual([waiting.runId, abandoned.runId]);
      expect(await runs.due(SOON(), 10)).toEqual([waiting.runId, abandoned.runId, later.runId]);
      expect(await runs.due(SOON(), 1)).toEqual([waiting.runId]);
      expect(await runs.counts()).toEqual({ waiting: 2, active: 2, failed: 1, oldestWaitingAt: expect.any(Date) });
      expect((await runs.list({ status: 'running' })).map(({ id }) => id).toSorted()).toEqual(
        [abandoned.runId, busy.runId].toSorted(),
      );
      expect(await runs.list({ limit: 2 })).toHaveLength(2);
    });
  });
});
