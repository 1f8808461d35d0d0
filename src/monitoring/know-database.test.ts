import { expect, test } from 'vitest';
import { createKnownDatabase, createWorkPermit } from './know-database.ts';

/** A machine with stores, and a database that may be exchanged under it. */
function aMachine({ engine = ['sto_1'], folders = ['sto_1'] } = {}) {
  const world = {
    identity: 'first',
    remembered: undefined as string | undefined,
    engine,
    folders,
    rows: ['sto_1'],
    asked: 0,
    now: 0,
  };
  const told: string[] = [];
  const database = createKnownDatabase({
    identity: async () => world.identity,
    memory: {
      read: async () => world.remembered,
      write: async (identity) => {
        world.remembered = identity;
      },
    },
    inEngine: async () => {
      world.asked += 1;
      return world.engine;
    },
    inFolders: async () => world.folders,
    rows: async () => world.rows,
  });
  const mayWork = createWorkPermit({
    database,
    onStrange: ({ forgotten }) => void told.push(`strange: ${forgotten}`),
    onKnownAgain: () => void told.push('known again'),
    now: () => world.now,
  });
  const isEmptied = (): void => {
    world.identity = 'second';
    world.rows = [];
    world.now += 1000;
  };
  return { world, told, database, mayWork, isEmptied };
}

test('what was taken once is known from then on, and the engine is asked no more', async () => {
  const { world, database, mayWork } = aMachine();

  expect(await mayWork()).toBe(true);
  expect(world.remembered).toBe('first');
  expect(await mayWork()).toBe(true);
  expect(await database.look()).toMatchObject({ kind: 'known' });
  expect(world.asked).toBe(1);
});

test('an emptied database: no work and no note, told once, also when somebody orders a store there', async () => {
  const { world, told, mayWork, isEmptied } = aMachine();
  await mayWork();
  isEmptied();

  expect(await mayWork()).toBe(false);
  world.now += 60_000;
  world.rows = ['sto_2'];
  expect(await mayWork()).toBe(false);

  expect(world.remembered).toBe('first');
  expect(told).toEqual(['strange: sto_1']);
});

test('what has no engine to ask tells another database by the note alone', async () => {
  const { world, database, mayWork, isEmptied } = aMachine();
  expect(await database.isAnother()).toBe(false);
  await mayWork();
  const { asked } = world;
  expect(await database.isAnother()).toBe(false);
  isEmptied();
  expect(await database.isAnother()).toBe(true);
  expect(world.asked).toBe(asked);
});

test('the same database brought back, also an older one: work goes on, and that is told', async () => {
  const { world, told, mayWork, isEmptied } = aMachine();
  await mayWork();
  isEmptied();
  await mayWork();

  world.identity = 'first';
  world.now += 60_000;

  expect(await mayWork()).toBe(true);
  expect(told).toEqual(['strange: sto_1', 'known again']);
});

test('one that was accepted is worked on', async () => {
  const { world, database, mayWork, isEmptied } = aMachine();
  await mayWork();
  isEmptied();
  await mayWork();

  await database.remember((await database.look()).identity);
  world.now += 60_000;

  expect(await mayWork()).toBe(true);
});

test('stores of which only folders are left count where a database was known, and not on a first start', async () => {
  const known = aMachine({ engine: [] });
  await known.mayWork();
  known.isEmptied();
  const first = aMachine({ engine: [] });
  first.isEmptied();

  expect(await known.database.look()).toMatchObject({ kind: 'strange', forgotten: ['sto_1'] });
  expect(await first.mayWork()).toBe(true);
});

test('many who ask at once cause one look; a strange database is looked at every few seconds only', async () => {
  const { world, mayWork, isEmptied } = aMachine();
  await Promise.all(Array.from({ length: 20 }, mayWork));
  expect(world.asked).toBe(1);

  isEmptied();
  await mayWork();
  const asked = world.asked;
  world.now += 1000;
  await mayWork();
  expect(world.asked).toBe(asked);
});

test('a known one is believed for a second', async () => {
  const { world, mayWork, isEmptied } = aMachine();
  await mayWork();
  isEmptied();
  world.now -= 1;
  expect(await mayWork()).toBe(true);
  world.now += 1;
  expect(await mayWork()).toBe(false);
});

test('where it cannot be told nobody may work', async () => {
  const { world, database } = aMachine();
  world.remembered = 'other';
  const mayWork = createWorkPermit({
    database: { ...database, look: () => Promise.reject(new Error('no engine')) },
    onStrange: () => undefined,
    onKnownAgain: () => undefined,
    now: () => 0,
  });

  await expect(mayWork()).rejects.toThrow('no engine');
});
