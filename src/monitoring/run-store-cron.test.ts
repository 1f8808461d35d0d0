import { setImmediate as settle } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { aStore } from '../../test/fakes/fake-world.ts';
import type { Store } from '../domain/store.ts';
import { MINUTE } from '../lib/time.ts';
import { createStoreCron, cronOffsetMs } from './run-store-cron.ts';

const stores = Array.from({ length: 40 }, (_, index) => aStore({ id: `sto_${index}` }));

/** Shops that answer at once, but for those that are frozen: they never do, until the signal aborts. */
function bench({ claim = () => true }: { claim?: (storeId: string) => boolean } = {}) {
  const clock = { now: 1_000_000 };
  const called: string[] = [];
  const missed: string[] = [];
  const frozen = new Set<string>();
  const world = { stores, isDatabaseGone: false };
  const stopping = new AbortController();
  const act = createStoreCron({
    activeStores: async () => {
      if (world.isDatabaseGone) throw new Error('the database is gone');
      return world.stores;
    },
    claimTurn: async (storeId) => claim(storeId),
    call: async (store, signal) => {
      called.push(store.id);
      if (store.id === 'sto_3') throw new Error('does not answer');
      if (!frozen.has(store.id)) return;
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    },
    now: () => clock.now,
    stopping: stopping.signal,
    onError: (storeId) => missed.push(storeId),
  });
  /** A look, and everything that follows from it without anybody waiting. */
  const cron = async (): Promise<void> => {
    await act();
    await settle();
  };
  return { clock, called, missed, frozen, world, stopping, cron };
}

test('in a minute every shop has exactly one turn, whether others answer or not', async () => {
  const { clock, called, missed, cron } = bench();
  for (let second = 0; second < 60; second += 1) {
    clock.now += 1000;
    await cron();
  }
  expect(called.toSorted()).toEqual(stores.map(({ id }) => id).toSorted());
  expect(missed).toEqual(['sto_3']);
});

test('the turns are spread over the minute', () => {
  const quarters = new Set(stores.map(({ id }) => Math.floor(cronOffsetMs(id) / (MINUTE / 4))));
  expect(quarters.size).toBe(4);
});

test('a worker that was busy for minutes gives each shop one turn, not many', async () => {
  const { clock, called, cron } = bench();
  clock.now += 5 * MINUTE;
  await cron();
  expect(called).toHaveLength(stores.length);
});

test('a turn that another worker claimed is left to it', async () => {
  const { clock, called, cron } = bench({ claim: (storeId) => storeId !== 'sto_7' });
  clock.now += MINUTE;
  await cron();
  expect(called).not.toContain('sto_7');
});

test('frozen shops hold up no other, and are not called again while a call of theirs still waits', async () => {
  const { clock, called, frozen, cron } = bench();
  for (const { id } of stores.slice(10, 20)) frozen.add(id);

  for (const _ of [1, 2, 3]) {
    clock.now += MINUTE;
    await cron();
  }

  const turnsOf = (id: string): number => called.filter((other) => other === id).length;
  expect(stores.map(({ id }) => [id, turnsOf(id)])).toEqual(stores.map(({ id }) => [id, frozen.has(id) ? 1 : 3]));
});

test('only so many calls run at a time, however many shops are frozen', async () => {
  const { clock, called, frozen, cron } = bench();
  for (const { id } of stores) frozen.add(id);

  for (const _ of [1, 2, 3]) {
    clock.now += MINUTE;
    await cron();
  }

  expect(called.length).toBeLessThan(stores.length);
  expect(called).toHaveLength(new Set(called).size);
});

test('a worker that stops ends its calls, calls nobody else and complains of nothing', async () => {
  const { clock, called, missed, frozen, cron, stopping } = bench();
  for (const { id } of stores) frozen.add(id);
  clock.now += MINUTE;
  await cron();
  const before = [...called];

  stopping.abort();
  await settle();

  expect(called).toEqual(before);
  expect(missed.filter((id) => id !== 'sto_3')).toEqual([]);
});

test('a shop whose call has ended is called again in its next minute', async () => {
  const { clock, called, world, cron } = bench();
  const [only] = stores as [Store];
  world.stores = [only];
  for (const _ of [1, 2]) {
    clock.now += MINUTE;
    await cron();
  }
  expect(called).toEqual([only.id, only.id]);
});

test('turns that came while the database was gone are made up for', async () => {
  const { clock, called, world, cron } = bench();
  world.isDatabaseGone = true;
  clock.now += MINUTE;
  await expect(cron()).rejects.toThrow('the database is gone');

  world.isDatabaseGone = false;
  clock.now += 1000;
  await cron();

  expect(called).toHaveLength(stores.length);
});
