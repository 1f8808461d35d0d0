import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  symlink,
  utimes,
  watch,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aStore } from '../../../test/fakes/fake-world.ts';
import { directoryOf } from '../../domain/names.ts';
import type { Store } from '../../domain/store.ts';
import type { GoldenLayout } from './gather-snapshot.ts';
import { createGoldenSnapshots } from './golden-snapshots.ts';

const KEY = '0123456789abcdef';
const LAYOUT: GoldenLayout = {
  folders: ['uploads', 'database'],
  identity: ['database/data/auto.cnf', 'database/data/*.pem'],
};
const FACTS = {
  key: KEY,
  platform: 'wordpress' as const,
  images: { web: 'sha256:1' },
  versions: { wordpress: '7.1.4' },
};
const never = new AbortController().signal;
const ours = { signal: never, confirm: async () => undefined };

let customersDir: string;
beforeEach(async () => {
  customersDir = await mkdtemp(join(tmpdir(), 'golden-'));
});
afterEach(() => rm(customersDir, { recursive: true, force: true }));

const golden = () => createGoldenSnapshots({ customersDir });
const dataOf = (store: Store): string => join(customersDir, directoryOf(store), 'data');

async function aPlace(id: string, files: Readonly<Record<string, string>> = {}): Promise<Store> {
  const store = aStore({ id, uid: 264_001 });
  for (const folder of LAYOUT.folders) await mkdir(join(dataOf(store), folder), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(dataOf(store), name, '..'), { recursive: true });
    await writeFile(join(dataOf(store), name), text);
  }
  return store;
}

const FILES = {
  'uploads/a.txt': 'a',
  'database/data/shop.ibd': 'rows',
  'database/data/auto.cnf': 'who I am',
  'database/data/server-key.pem': 'secret',
};
const aKeptOne = async (): Promise<void> => {
  await golden().keep(await aPlace('sto_from', FILES), FACTS, LAYOUT, ours);
};

/** What a copy that is being made is called, as soon as there is one. */
async function nextCopyIn(data: string): Promise<string> {
  for await (const { filename } of watch(data)) {
    if (filename?.startsWith('.golden-half')) return filename;
  }
  throw new Error('Nobody looks any more.');
}

describe('a snapshot', () => {
  it('is copied into a store that has nothing, to its own user, without what no two may share', async () => {
    await aKeptOne();
    const store = await aPlace('sto_to');

    expect(await golden().lay(store, KEY, LAYOUT, never)).toBe(true);

    expect(await readFile(join(dataOf(store), 'database/data/shop.ibd'), 'utf8')).toBe('rows');
    expect((await stat(join(dataOf(store), 'database/data/shop.ibd'))).uid).toBe(264_001);
    expect(await readdir(join(dataOf(store), 'database/data'))).toEqual(['shop.ibd']);
    expect(await readdir(dataOf(store))).toEqual(['database', 'uploads']);
  });

  it('says what it is of', async () => {
    await aKeptOne();

    expect(await golden().list()).toMatchObject([{ ...FACTS, files: 2, bytes: 5 }]);
    expect(await golden().verify(KEY)).toBeUndefined();
    await golden().remove(KEY);
    expect(await golden().list()).toEqual([]);
  });

  it('is open to root alone', async () => {
    await aKeptOne();
    expect((await stat(join(customersDir, 'golden'))).mode & 0o777).toBe(0o700);
  });

  it('is awaited by a store that has nothing yet, also by one whose folders are not there', async () => {
    const store = await aPlace('sto_to');
    expect(await golden().awaits(store, LAYOUT)).toBe(true);
    await rmdir(join(dataOf(store), 'uploads'));
    expect(await golden().awaits(store, LAYOUT)).toBe(true);
  });

  it('is not awaited by a store that has anything of its own, and takes the place of nothing', async () => {
    await aKeptOne();
    for (const own of ['database/data/shop.ibd', 'uploads/b.txt']) {
      const store = await aPlace(`sto_${own.length}`, { [own]: 'mine' });

      expect(await golden().awaits(store, LAYOUT)).toBe(false);
      await expect(golden().lay(store, KEY, LAYOUT, never)).rejects.toThrow();
      expect(await readFile(join(dataOf(store), own), 'utf8')).toBe('mine');
    }
  });

  it('is none when somebody else may have had its shop in hand before all of it was copied', async () => {
    const lost = { signal: never, confirm: () => Promise.reject(new Error('It is not ours any more.')) };

    await expect(golden().keep(await aPlace('sto_from', FILES), FACTS, LAYOUT, lost)).rejects.toThrow('not ours');

    expect(await golden().list()).toEqual([]);
  });

  it('is asked about only when all of it is copied', async () => {
    const place = await aPlace('sto_from', FILES);
    const confirm = async (): Promise<void> => {
      const kept = join(customersDir, 'golden', `.new-${place.id}`);
      expect(await readFile(join(kept, 'data/database/data/shop.ibd'), 'utf8')).toBe('rows');
      expect(JSON.parse(await readFile(join(kept, 'golden.json'), 'utf8'))).toMatchObject({ platform: 'wordpress' });
    };
    await golden().keep(place, FACTS, LAYOUT, { signal: never, confirm });
    expect(await golden().isWhole(KEY)).toBe(true);
  });

  it.each(['', '{"platform":"wordpress","files":', '{}', 'null'])(
    'of which nothing can be read but “%s” is none, and keeps no other from being found',
    async (text) => {
      await aKeptOne();
      const other = KEY.replace('0', 'f');
      await cp(join(customersDir, 'golden', KEY), join(customersDir, 'golden', other), { recursive: true });
      await writeFile(join(customersDir, 'golden', other, 'golden.json'), text);

      expect((await golden().list()).map(({ key }) => key)).toEqual([KEY]);
      expect(await golden().isWhole(other)).toBe(false);
      expect(await golden().verify(other)).toBe('golden.json');
      expect(await golden().lay(await aPlace('sto_to'), other, LAYOUT, never)).toBe(false);
    },
  );

  it('that a killed copy had begun is copied whole', async () => {
    await aKeptOne();
    const store = await aPlace('sto_to', { '.golden-half-1/uploads/x.txt': 'half', '.golden-half/a.txt': 'half' });

    expect(await golden().awaits(store, LAYOUT)).toBe(true);
    expect(await golden().lay(store, KEY, LAYOUT, never)).toBe(true);
    expect(await readFile(join(dataOf(store), 'uploads/a.txt'), 'utf8')).toBe('a');
    expect(await readdir(dataOf(store))).toEqual(['database', 'uploads']);
  });

  it.each([
    ['there is none', 'fedcba9876543210'],
    ['none is wanted', undefined],
  ])('leaves nothing of a copy that was begun when %s', async (_, key) => {
    await aKeptOne();
    const store = await aPlace('sto_to', { '.golden-half-1/uploads/x.txt': 'half' });

    expect(await golden().lay(store, key, LAYOUT, never)).toBe(false);

    expect(await readdir(dataOf(store))).toEqual(['database', 'uploads']);
    expect(await readdir(join(dataOf(store), 'uploads'))).toEqual([]);
  });

  it('is not what a store begins with when somebody writes into the copy meanwhile', async () => {
    await aKeptOne();
    const store = await aPlace('sto_to');
    const data = dataOf(store);
    const meddled = nextCopyIn(data).then((name) => writeFile(join(data, name, 'theirs.txt'), 'theirs'));

    expect(await golden().lay(store, KEY, LAYOUT, never)).toBe(false);

    await meddled;
    expect(await readdir(data)).toEqual(['database', 'uploads']);
    expect(await readdir(join(data, 'uploads'))).toEqual([]);
  });

  it('is copied under a name that no other try has', async () => {
    await aKeptOne();
    const names = new Set<string>();
    for (const id of ['sto_one', 'sto_two']) {
      const store = await aPlace(id);
      const seen = nextCopyIn(dataOf(store));
      await golden().lay(store, KEY, LAYOUT, never);
      names.add(await seen);
    }
    expect(names.size).toBe(2);
  });

  it.each([1, 2])('of which %d folders were in place at a kill has the others put there, too', async (placed) => {
    await aKeptOne();
    const store = await aPlace('sto_to');
    const data = dataOf(store);
    await cp(join(customersDir, 'golden', KEY, 'data'), join(data, '.golden'), { recursive: true });
    for (const folder of LAYOUT.folders.slice(0, placed))
      await rename(join(data, '.golden', folder), join(data, folder));

    expect(await golden().awaits(store, LAYOUT)).toBe(true);
    expect(await golden().lay(store, KEY, LAYOUT, never)).toBe(true);
    expect(await readFile(join(data, 'uploads/a.txt'), 'utf8')).toBe('a');
    expect(await readFile(join(data, 'database/data/shop.ibd'), 'utf8')).toBe('rows');
    expect(await readdir(data)).toEqual(['database', 'uploads']);
  });

  it.each([
    ['has grown', (folder: string) => writeFile(join(folder, 'database/data/shop.ibd'), 'rows and more')],
    ['has a file more', (folder: string) => writeFile(join(folder, 'uploads/b.txt'), 'b')],
    ['lacks a file', (folder: string) => rm(join(folder, 'uploads/a.txt'))],
  ])('that %s since it was kept is not used, and is told', async (_, change) => {
    await aKeptOne();
    await change(join(customersDir, 'golden', KEY, 'data'));

    expect(await golden().lay(await aPlace('sto_to'), KEY, LAYOUT, never)).toBe(false);
    expect(await golden().verify(KEY)).toBeTypeOf('string');
  });

  it('whose bytes were changed under the same size and time is told when all of it is read', async () => {
    await aKeptOne();
    const file = join(customersDir, 'golden', KEY, 'data/uploads/a.txt');
    const { atime, mtime } = await stat(file);
    await writeFile(file, 'b');
    await utimes(file, atime, mtime);

    expect(await golden().verify(KEY)).toBe('uploads/a.txt');
  });

  it('that is not there is none, nor is one that a kill has left half-made', async () => {
    await mkdir(join(customersDir, 'golden', `.new-${KEY}`, 'data'), { recursive: true });
    await mkdir(join(customersDir, 'golden', KEY, 'data'), { recursive: true });

    expect(await golden().lay(await aPlace('sto_to'), KEY, LAYOUT, never)).toBe(false);
    expect(await golden().list()).toEqual([]);
  });

  it('under no name of ours is never looked for', async () => {
    for (const key of ['../../etc', '', 'x', '0123456789abcdeg']) {
      await expect(golden().isWhole(key)).rejects.toThrow();
    }
  });

  it.each([
    ['a folder of the store', 'uploads'],
    ['something in it', 'uploads/a.txt'],
  ])('goes through no link, nor removes what one leads to, when %s is one', async (_, link) => {
    await aKeptOne();
    const outside = await mkdtemp(join(tmpdir(), 'outside-'));
    await writeFile(join(outside, 'theirs.txt'), 'theirs');
    const store = await aPlace('sto_to');
    if (link === 'uploads') await rmdir(join(dataOf(store), link));
    await symlink(outside, join(dataOf(store), link));

    await expect(golden().lay(store, KEY, LAYOUT, never)).rejects.toThrow();

    expect(await readdir(outside)).toEqual(['theirs.txt']);
    expect((await stat(outside)).uid).toBe(0);
    await rm(outside, { recursive: true });
  });
});
