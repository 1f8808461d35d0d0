import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../domain/errors.ts';
import type { GoldenFacts, GoldenSnapshot } from '../../domain/golden-snapshot.ts';
import { directoryOf } from '../../domain/names.ts';
import type { PlatformName, Store } from '../../domain/store.ts';
import { fileWork } from './file-error.ts';
import { filesBelow } from './files-below.ts';
import {
  copyTree,
  digestOf,
  type GoldenLayout,
  gatherSnapshot,
  Manifest,
  own,
  removeMatching,
  writeOut,
} from './gather-snapshot.ts';
import { ignoring } from './ignoring.ts';
import { pathBelow } from './path-below.ts';

/** Beside the data folders, where no container looks: what a copy that is being made begins with, and one that is whole. */
const HALF = '.golden-half';
const READY = '.golden';
const ROOT_MODE = 0o700;
const KEY = /^[0-9a-f]{16}$/;
const ignoreMissing = ignoring('ENOENT');

/**
 * Shops that were installed once and are copied from then on, below `CUSTOMERS_DIR/golden`: on the stores' own file
 * system, so that one that can share blocks between files does. Only root gets in.
 */
export function createGoldenSnapshots({ customersDir }: { customersDir: string }) {
  const root = join(customersDir, 'golden');
  const folderOf = (key: string): string => {
    if (!KEY.test(key)) throw new AppError('internal_error', `${key} names no snapshot.`);
    return join(root, key);
  };

  const dataOf = (store: Pick<Store, 'id'>): Promise<string> => pathBelow(customersDir, `${directoryOf(store)}/data`);

  /** Where one is put together; nothing below a name of this kind is taken for a snapshot. */
  const halfOf = ({ id }: Pick<Store, 'id'>): string => join(root, `.new-${id}`);

  async function manifestOf(key: string): Promise<Manifest | undefined> {
    const text = await readFile(join(folderOf(key), 'golden.json'), 'utf8').catch(ignoreMissing);
    return text === undefined ? undefined : readManifest(text);
  }

  async function read(key: string): Promise<GoldenSnapshot | undefined> {
    const manifest = await manifestOf(key);
    if (manifest === undefined) return undefined;
    const sizes = Object.values(manifest.files).map(([size]) => size);
    return {
      key,
      platform: manifest.platform as PlatformName,
      images: manifest.images,
      versions: manifest.versions,
      madeAt: new Date(manifest.madeAt),
      files: sizes.length,
      bytes: sizes.reduce((sum, size) => sum + size, 0),
    };
  }

  /** What stands in a folder otherwise than it was kept; `undefined` when nothing does. Contents are compared only if asked for. */
  async function difference(data: string, manifest: Manifest, withContents: boolean): Promise<string | undefined> {
    const found = await filesBelow(data);
    const names = new Set([...Object.keys(manifest.files), ...found.keys()]);
    for (const name of names) {
      const kept = manifest.files[name];
      const facts = found.get(name);
      if (kept === undefined || facts === undefined) return name;
      if (kept[0] !== facts.size || kept[1] !== Math.floor(facts.mtimeMs)) return name;
      if (withContents && kept[2] !== (await digestOf(join(data, name)))) return name;
    }
    return undefined;
  }

  const filesOf = (key: string): string => join(folderOf(key), 'data');

  /** What would be copied: one that is there, and whose files have the names, sizes and times with which they were kept. */
  async function findWhole(key: string): Promise<Manifest | undefined> {
    const manifest = await manifestOf(key);
    if (manifest === undefined) return undefined;
    return (await difference(filesOf(key), manifest, false)) === undefined ? manifest : undefined;
  }

  const isWhole = async (key: string): Promise<boolean> => (await findWhole(key)) !== undefined;

  /** Under this name a whole copy of a whole snapshot; false where there is none to be had, and then nothing is there. */
  async function makeCopy(key: string, store: Store, ready: string, signal: AbortSignal): Promise<boolean> {
    const manifest = await findWhole(key);
    if (manifest === undefined) return false;
    // A name of its own: whoever was called off may be writing to his still.
    const work = join(dirname(ready), `${HALF}-${randomUUID()}`);
    try {
      await copyTree(filesOf(key), work, signal);
      await own(work, store.uid, signal);
      await writeOut(work, signal);
      if ((await difference(work, manifest, false)) !== undefined) return false;
      signal.throwIfAborted();
      await rename(work, ready);
      return true;
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }

  /** Of two that were made at once the first stays: somebody may be copying it. */
  async function putInPlace(work: string, key: string): Promise<void> {
    if (await isWhole(key)) {
      await rm(work, { recursive: true });
      return;
    }
    await rm(folderOf(key), { recursive: true, force: true });
    await rename(work, folderOf(key));
  }

  return {
    /** Newest first. */
    async list(): Promise<GoldenSnapshot[]> {
      const keys = (await readdir(root).catch(ignoreMissing)) ?? [];
      const all = await Promise.all(keys.filter((key) => KEY.test(key)).map(read));
      return all
        .filter((snapshot) => snapshot !== undefined)
        .toSorted((one, other) => other.madeAt.getTime() - one.madeAt.getTime());
    },

    /** Whether nothing was ever put into the store's data folders, or a copy was not finished: then it may be copied. */
    awaits: (store: Pick<Store, 'id'>, layout: GoldenLayout): Promise<boolean> =>
      fileWork(`Looking into ${store.id}`, async () => {
        const data = await dataOf(store);
        if ((await readdir(join(data, READY)).catch(ignoreMissing)) !== undefined) return true;
        for (const folder of layout.folders) {
          const entries = await readdir(await pathBelow(data, folder)).catch(ignoreMissing);
          if (entries !== undefined && entries.length > 0) return false;
        }
        return true;
      }),

    /**
     * Copies the snapshot into a store that awaits one and has no containers. False: there is no such snapshot, what is
     * there is not what was kept, or none is wanted (`undefined`); then nothing is left of copies that were begun. After a
     * kill the next call goes on. Nothing is written or removed below a folder that a container could ever have changed:
     * the copy is made beside them, whole, and then takes the place of folders that are empty, each in one step that the
     * kernel refuses if one is not.
     */
    lay: (store: Store, key: string | undefined, layout: GoldenLayout, signal: AbortSignal): Promise<boolean> =>
      fileWork(`Copying a snapshot for ${store.id}`, async () => {
        const data = await dataOf(store);
        const ready = join(data, READY);
        if ((await lstat(ready).catch(ignoreMissing)) === undefined) {
          await removeMatching(data, `${HALF}*`);
          if (key === undefined || !(await makeCopy(key, store, ready, signal))) return false;
        }
        for (const folder of layout.folders) {
          await rename(join(ready, folder), join(data, folder)).catch(ignoreMissing); // Moved before a kill.
        }
        await rmdir(ready);
        return true;
      }),

    /**
     * Keeps what a store has that was stopped in good order, under this key. A kill leaves nothing that is taken for one,
     * and nothing becomes one unless `confirm`, asked when all is copied, says that the store was ours until then.
     */
    keep: (
      store: Store,
      facts: GoldenFacts,
      layout: GoldenLayout,
      { signal, confirm }: { readonly signal: AbortSignal; confirm(): Promise<void> },
    ): Promise<GoldenSnapshot> =>
      fileWork(`Keeping a snapshot of ${store.id}`, async () => {
        const data = await dataOf(store);
        const { key } = facts;
        const work = halfOf(store);
        await mkdir(root, { recursive: true, mode: ROOT_MODE });
        await rm(work, { recursive: true, force: true });
        await gatherSnapshot(data, work, facts, layout, signal);
        await confirm();
        await putInPlace(work, key);
        const kept = await read(key);
        if (kept === undefined) throw new AppError('internal_error', `The snapshot ${key} cannot be read back.`);
        return kept;
      }),

    isWhole,

    /** Every byte of it is as it was kept; else the first file that is not. */
    async verify(key: string): Promise<string | undefined> {
      const manifest = await manifestOf(key);
      return manifest === undefined ? 'golden.json' : difference(filesOf(key), manifest, true);
    },

    /** What was begun to be kept of this one, and never was. */
    abandon: (store: Pick<Store, 'id'>): Promise<void> => rm(halfOf(store), { recursive: true, force: true }),

    remove: (key: string): Promise<void> => rm(folderOf(key), { recursive: true, force: true }),
  };
}

export type GoldenSnapshots = ReturnType<typeof createGoldenSnapshots>;

/** `undefined` for what is none, whatever has become of it. */
function readManifest(text: string): Manifest | undefined {
  try {
    return Manifest.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
