import { expect, test } from 'vitest';
import { aStore } from '../../test/fakes/fake-world.ts';
import { MINUTE } from '../lib/time.ts';
import { createStoreCron, cronOffsetMs } from './run-store-cron.ts';

const stores = Array.from({ length: 40 }, (_, index) => aStore({ id: `sto_${index}` }));

function bench(claim: (storeId: string) => boolean = () => true) {
  const clock = { now: 1_000_000 };
  const called: string[] = [];
  const cron = createStoreCron({
    activeStores: async () => stores,
    claimTurn: async (storeId) => claim(storeId),
    call: async (store) => {
      called.push(store.id);
      if (store.id === 'sto_3') throw new Error('does not answer');
    },
    now: () => clock.now,
    onError: () => undefined,
  });
  return { clock, called, cron };
}

test('in a minute every shop has exactly one turn, whether others answer or not', async () => {
  const { clock, called, cron } = bench();
  for (let second = 0; second < 60; second += 1) {
    clock.now += 1000;
    await cron();
  }
  expect(called.toSorted()).toEqual(stores.map(({ id }) => id).toSorted());
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
  const { clock, called, cron } = bench((storeId) => storeId !== 'sto_7');
  clock.now += MINUTE;
  await cron();
  expect(called).not.toContain('sto_7');
});
