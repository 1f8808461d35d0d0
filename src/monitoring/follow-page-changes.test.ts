import { expect, test } from 'vitest';
import { ALL_LOOKED_AT_EVERY, createPageChangeFollower } from './follow-page-changes.ts';

/** Shops that say things, and an edge that remembers what it answered. */
function aWorld(stores: string[] = ['sto_1']) {
  const said = new Map<string, string>();
  const answered = new Map<string, string>();
  const watched = new Map<string, () => void>();
  const later: (() => void)[] = [];
  const emptied: string[] = [];
  const failed: string[] = [];
  const looked: string[] = [];
  const stopping = new AbortController();
  const world = { canWatch: true, isBroken: false };
  const follower = () =>
    createPageChangeFollower({
      cachedStores: async () => [...stores],
      signals: {
        latest: async (storeId) => {
          looked.push(storeId);
          return said.get(storeId);
        },
        next: async (storeId, onChange) => {
          if (!world.canWatch) return undefined;
          watched.set(storeId, () => {
            watched.delete(storeId);
            onChange();
          });
          return () => void watched.delete(storeId);
        },
      },
      keptPages: {
        answered: async (storeId) => answered.get(storeId),
        empty: async (storeId, signal) => {
          if (world.isBroken) throw new Error('the disk is full');
          answered.set(storeId, signal);
          emptied.push(`${storeId} ${signal}`);
        },
      },
      after: (_delayMs, act) => void later.push(act),
      stopping: stopping.signal,
      onError: (storeId) => void failed.push(storeId),
    });
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    ...{ stores, said, watched, later, emptied, failed, looked, stopping, follower, settle, world },
    async say(storeId: string, signal: string): Promise<void> {
      said.set(storeId, signal);
      watched.get(storeId)?.();
      await settle();
    },
    async pass(): Promise<void> {
      for (const act of later.splice(0)) act();
      await settle();
    },
  };
}

test('what a shop says empties its pages at once, and no other’s', async () => {
  const world = aWorld(['sto_1', 'sto_2']);
  await world.follower()();
  await world.say('sto_1', 'a');

  expect(world.emptied).toEqual(['sto_1 a']);
});

test('a shop that says so without end is heard once, and once more when the pause is over', async () => {
  const world = aWorld();
  const look = world.follower();
  await look();
  for (let count = 0; count < 100; count += 1) await world.say('sto_1', `a${count}`);
  await look();
  expect(world.emptied).toEqual(['sto_1 a0']);

  await world.pass();
  expect(world.emptied).toEqual(['sto_1 a0', 'sto_1 a99']);
  await world.say('sto_1', 'b');
  expect(world.emptied).toEqual(['sto_1 a0', 'sto_1 a99', 'sto_1 b']);
});

test('what was said while nobody looked is found, and is answered once by however many', async () => {
  const world = aWorld();
  await world.say('sto_1', 'a');
  await world.follower()();
  await world.follower()();

  expect(world.emptied).toEqual(['sto_1 a']);
});

test('where a folder cannot be watched, a look now and then is enough', async () => {
  const world = aWorld();
  world.world.canWatch = false;
  const look = world.follower();
  await look();
  await world.say('sto_1', 'a');
  expect(world.emptied).toEqual([]);
  await look();

  expect(world.emptied).toEqual(['sto_1 a']);
});

test('of many shops that are watched only those that say something are looked at, and all of them now and then', async () => {
  const world = aWorld(Array.from({ length: 300 }, (_, at) => `sto_${at}`));
  const look = world.follower();
  await look();
  expect(world.looked.splice(0)).toHaveLength(300);

  await world.say('sto_7', 'a');
  await look();
  world.stores.push('sto_new');
  await look();
  expect(world.looked.splice(0)).toEqual(['sto_7', 'sto_new']);

  // The file system tells nothing of this one.
  world.said.set('sto_9', 'b');
  for (let call = 3; call <= ALL_LOOKED_AT_EVERY; call += 1) await look();
  expect(world.emptied).toEqual(['sto_7 a', 'sto_9 b']);
  expect(world.looked).toHaveLength(300);
});

test('what could not be emptied is tried again, and others’ pages meanwhile', async () => {
  const world = aWorld(['sto_1', 'sto_2']);
  const look = world.follower();
  world.world.isBroken = true;
  await world.say('sto_1', 'a');
  await look();
  expect([world.failed, world.emptied]).toEqual([['sto_1'], []]);

  world.world.isBroken = false;
  await world.say('sto_2', 'b');
  await look();
  expect(world.emptied.toSorted()).toEqual(['sto_1 a', 'sto_2 b']);
});

test('a store whose pages are kept no more, and a worker that ends, leave nothing watched', async () => {
  const world = aWorld(['sto_1', 'sto_2']);
  const look = world.follower();
  await look();
  world.stores.shift();
  await look();
  expect([...world.watched.keys()]).toEqual(['sto_2']);

  world.stopping.abort();
  expect([...world.watched.keys()]).toEqual([]);
});
