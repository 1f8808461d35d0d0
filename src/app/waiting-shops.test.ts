import { chmod, mkdir, mkdtemp, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aStore } from '../../test/fakes/fake-world.ts';
import { createStoreDirectories } from '../adapters/filesystem/store-directories.ts';
import { createTakenMarks } from '../adapters/filesystem/taken-marks.ts';
import { AppError } from '../domain/errors.ts';
import { directoryOf } from '../domain/names.ts';
import { stackOf } from '../stacks/index.ts';
import { RECIPE_KEY, recipeOf } from '../stacks/recipe.ts';
import type { Adapters } from './adapters.ts';
import { fingerprintOf, takenOverOf } from './waiting-shops.ts';

const STORE = aStore({ id: 'sto_waits', platform: 'wordpress' });
const never = new AbortController().signal;
const file = (name: string): string => join(customersDir, directoryOf(STORE), name);

const COMPOSE_FILE = 'services: {}';
const IMAGES = {
  web: 'wordpress 1',
  db: 'mysql 1',
  cache: 'redis 1',
  [RECIPE_KEY]: recipeOf(stackOf('wordpress'), Buffer.from(COMPOSE_FILE)),
};

let customersDir: string;
let today: (name: string) => Promise<string>;
let engine: string[];
let composeFile: string;
let made: Readonly<Record<string, string>>;
let did: string[];
beforeEach(async () => {
  customersDir = await mkdtemp(join(tmpdir(), 'waiting-'));
  engine = ['web 1 sha256:a', 'db 2 sha256:b'];
  composeFile = COMPOSE_FILE;
  made = IMAGES;
  did = [];
  today = async (name) => `${name} 1`;
  for (const name of ['secrets/web/db-password', 'data/plugins/shop/shop.php', 'data/uploads/a.txt']) {
    await mkdir(join(file(name), '..'), { recursive: true });
    await writeFile(file(name), 'as it was');
  }
});
afterEach(() => rm(customersDir, { recursive: true, force: true }));

const adapters = () =>
  ({
    config: { customersDir, optionalServices: {} },
    images: { idOf: (name: string) => today(name) },
    compiledCode: { find: async () => undefined },
    containers: {
      identities: async () => engine,
      remove: async () => void did.push('containers removed'),
    },
    composeFiles: { templateOf: async () => Buffer.from(composeFile) },
    directories: createStoreDirectories({ customersDir }),
    takenMarks: createTakenMarks({ customersDir }),
    repositories: {
      poolMembers: {
        fingerprintOf: async () => known,
        partsOf: async () => ({ images: made, versions: {} }),
        forget: async () => void did.push('forgotten'),
      },
    },
  }) as unknown as Adapters;
let known: string | undefined;

test.each<[string, () => Promise<unknown>]>([
  ['another container', async () => (engine = ['web 1 sha256:a', 'db 3 sha256:b'])],
  ['a container that is gone', async () => (engine = ['web 1 sha256:a', 'db none none'])],
  ['another compose file to come', async () => (composeFile = 'services: { web: {} }')],
  ['other code', () => writeFile(file('data/plugins/shop/shop.php'), 'backdoor!')],
  ['one file more', () => writeFile(file('data/plugins/shop/more.php'), 'backdoor')],
  ['one file less', () => rm(file('data/plugins/shop/shop.php'))],
  ['another secret', () => writeFile(file('secrets/web/db-password'), 'mine now!')],
  ['a secret that others may read', () => chmod(file('secrets/web/db-password'), 0o777)],
  [
    'code of the same size under the same time',
    async () => {
      const at = new Date(0);
      await utimes(file('data/plugins/shop/shop.php'), at, at);
      known = await fingerprintOf(STORE, adapters());
      await writeFile(file('data/plugins/shop/other.php'), 'backdoor!');
      await utimes(file('data/plugins/shop/other.php'), at, at);
      await rename(file('data/plugins/shop/other.php'), file('data/plugins/shop/shop.php'));
    },
  ],
])('a shop that waited and has %s by now is thrown away, last of all its row', async (_, change) => {
  known = await fingerprintOf(STORE, adapters());
  await change();
  const told: string[] = [];

  await takenOverOf(adapters()).dropIfChanged(STORE, never, (line) => told.push(line));

  expect(did).toEqual(['containers removed', 'forgotten']);
  expect(told).toEqual([expect.stringContaining('not as it was made')]);
  await expect(readFile(file('secrets/web/db-password'))).rejects.toThrow('ENOENT');
});

test('one that is as it was made stays, whatever its visitors would have uploaded; and so does every other store', async () => {
  known = await fingerprintOf(STORE, adapters());
  await writeFile(file('data/uploads/b.txt'), 'log');
  await takenOverOf(adapters()).dropIfChanged(STORE, never, () => undefined);

  known = undefined;
  await writeFile(file('data/plugins/shop/shop.php'), 'its owner’s');
  await takenOverOf(adapters()).dropIfChanged(STORE, never, () => undefined);

  expect(did).toEqual([]);
  expect(await readFile(file('secrets/web/db-password'), 'utf8')).toBe('as it was');
});

test.each<[string, () => unknown]>([
  ['of other parts', () => (today = async (name) => `${name} ${name === 'wordpress' ? 2 : 1}`)],
  ['by another recipe', () => (made = { ...IMAGES, [RECIPE_KEY]: `sha256:${'0'.repeat(64)}` })],
])('one that is as it was made, but %s than a store of today, is thrown away', async (_, change) => {
  known = await fingerprintOf(STORE, adapters());
  change();
  const told: string[] = [];

  await takenOverOf(adapters()).dropIfChanged(STORE, never, (line) => told.push(line));

  expect(did).toEqual(['containers removed', 'forgotten']);
  expect(told).toEqual([expect.stringContaining('older parts')]);
});

test('one stays as long as nobody can tell what a store of today is made of', async () => {
  known = await fingerprintOf(STORE, adapters());
  today = () => Promise.reject(new AppError('image_missing', 'The image wordpress is not on this machine.'));

  await takenOverOf(adapters()).dropIfChanged(STORE, never, () => undefined);

  expect(did).toEqual([]);
});

test('one that was found as it was made is its owner’s from the mark on: a run that goes on, or comes back with a backup, throws nothing away', async () => {
  known = await fingerprintOf(STORE, adapters());
  const takenOver = takenOverOf(adapters());
  await takenOver.dropIfChanged(STORE, never, () => undefined);
  await takenOver.mark(STORE);
  // The mark itself is no change.
  expect(await fingerprintOf(STORE, adapters())).toBe(known);
  await writeFile(file('secrets/web/db-password'), 'its owner’s');

  await takenOver.dropIfChanged(STORE, never, () => undefined);
  await takenOver.mark(STORE);

  expect(did).toEqual([]);
  expect(await readFile(file('secrets/web/db-password'), 'utf8')).toBe('its owner’s');
});

test.each([
  ['as it was made', undefined],
  ['changed since', 'its owner’s'],
])('one that is %s and somebody else’s by its mark is neither given out nor thrown away', async (_, secret) => {
  known = await fingerprintOf(STORE, adapters());
  await takenOverOf(adapters()).mark({ ...STORE, createdAt: new Date(STORE.createdAt.getTime() - 1) });
  if (secret !== undefined) await writeFile(file('secrets/web/db-password'), secret);

  const takenOver = takenOverOf(adapters());
  const refusal = { code: 'store_out_of_bounds', hint: expect.stringContaining('lost-database.md') };
  await expect(takenOver.dropIfChanged(STORE, never, () => undefined)).rejects.toMatchObject(refusal);
  await expect(takenOver.mark(STORE)).rejects.toMatchObject(refusal);

  expect(did).toEqual([]);
  expect(await readFile(file('secrets/web/db-password'), 'utf8')).toBe(secret ?? 'as it was');
});
