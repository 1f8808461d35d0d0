import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { ChangeKind } from '../../../src/domain/run.ts';
import type { Store } from '../../../src/domain/store.ts';
import { DAY } from '../../../src/lib/time.ts';
import { forEachDatabase, type TestDatabase } from '../../services/for-each-database.ts';
import { aFailedStore, anActiveStore, aStore, claimNow } from './fixtures.ts';

/** Runs are due by the database's own clock. */
const NOW = new Date();
const DELETION_AT = new Date(NOW.getTime() + 14 * DAY);

forEachDatabase((_, connect) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await connect();
  });
  beforeEach(() => database.reset());

  /** The run, worked on as a worker would as far as the store's row goes. */
  async function perform(runId: string): Promise<void> {
    const { runs, changes, journal, leases } = database.repositories;
    const run = await runs.get(runId);
    const lease = await claimNow(database, runId);
    if (run.kind === 'suspend') await changes.markSuspended(lease, run, NOW);
    if (run.kind === 'schedule-delete') await changes.markForDeletion(lease, run, NOW);
    if (run.kind === 'undo-delete') await changes.markKept(lease, run, NOW);
    await journal.runDone(lease);
    await leases.release(lease);
  }

  const performAll = async (runIds: readonly string[]): Promise<void> => {
    for (const runId of runIds) await perform(runId);
  };

  const ask = (storeId: string, kind: ChangeKind): Promise<string> =>
    database.repositories.changes.request({ storeId, kind, by: 'owner', actor: 'cus_1', now: NOW });

  const get = (id: string): Promise<Store> => database.repositories.stores.get(id);
  const mail = { recipient: 'a@example.com', kind: 'account-kept', payload: {} };

  const leave = ({ customerId }: Store): Promise<string[]> =>
    database.repositories.accountEnds.schedule({
      actor: customerId,
      customerId,
      deletionAt: DELETION_AT,
      mail: { ...mail, kind: 'account-deletion-scheduled' },
      now: NOW,
    });

  const stay = ({ customerId }: Store): Promise<string[]> =>
    database.repositories.accountEnds.undo({ actor: customerId, customerId, mail, now: NOW });

  it('a store is closed with its account, goes when the account goes, and opens again with it', async () => {
    const { store } = await anActiveStore(database);

    await performAll(await leave(store));

    expect(await get(store.id)).toMatchObject({
      status: 'deletion-scheduled',
      deletion: { previousStatus: 'active', dueAt: DELETION_AT },
    });
    const { changes } = database.repositories;
    expect(await changes.dueForDeletion(new Date(DELETION_AT.getTime() - 1), 10)).toEqual([]);
    expect(await changes.dueForDeletion(DELETION_AT, 10)).toEqual([store.id]);

    await performAll(await stay(store));
    expect(await get(store.id)).toMatchObject({ status: 'active', deletion: null });
  });

  it('each store comes back as it was: closed, or failed', async () => {
    const { store: paused } = await anActiveStore(database);
    await perform(await ask(paused.id, 'suspend'));
    const { store: failed } = await aFailedStore(database);

    for (const store of [paused, failed]) {
      await performAll(await leave(store));
      expect((await get(store.id)).status).toBe('deletion-scheduled');
      await performAll(await stay(store));
    }

    expect((await get(paused.id)).status).toBe('suspended');
    expect((await get(failed.id)).status).toBe('failed');
  });

  it('a closing that still waits is called off by staying', async () => {
    const { store } = await anActiveStore(database);
    const [closing = ''] = await leave(store);

    await performAll(await stay(store));

    expect((await database.repositories.runs.get(closing)).status).toBe('failed');
    expect((await get(store.id)).status).toBe('active');
  });

  it('a store that its owner had deleted before keeps its own date, and is not brought back', async () => {
    const { store } = await anActiveStore(database);
    await perform(await ask(store.id, 'schedule-delete'));
    const before = await get(store.id);

    expect(await leave(store)).toEqual([]);
    expect(await stay(store)).toEqual([]);

    expect(await get(store.id)).toEqual(before);
  });

  it('a store that was being made closes once it is made; one that its owner has taken back since stays open', async () => {
    const { store, runId } = await aStore(database);
    const { accountEnds, stores, journal, leases } = database.repositories;
    expect(await leave(store)).toEqual([]);
    expect(await accountEnds.closeLateStores(NOW)).toEqual([]);
    const lease = await claimNow(database, runId);
    await stores.beginProvisioning(lease);
    await stores.activate(lease, NOW);
    await journal.runDone(lease);
    await leases.release(lease);

    await performAll(await accountEnds.closeLateStores(NOW));

    expect(await get(store.id)).toMatchObject({ status: 'deletion-scheduled', deletion: { dueAt: DELETION_AT } });
    await perform(await ask(store.id, 'undo-delete'));
    expect(await accountEnds.closeLateStores(NOW)).toEqual([]);
    expect((await get(store.id)).status).toBe('active');
  });
});
