import { randomBytes } from 'node:crypto';
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileWork } from '../filesystem/file-error.ts';
import { ignoreMissing } from './configuration-trees.ts';
import type { EdgeFolders } from './edge-folders.ts';
import { storeId } from './nginx-syntax.ts';

const MARK_MODE = 0o644;
const KEY_BYTES = 16;
/** Of a key that nobody can guess; nothing else ever becomes part of a path that nginx looks for. */
export const LOOK_KEY = /[0-9a-f]{32}/;

export type OpenedDoors = ReturnType<typeof createOpenedDoors>;

/**
 * Shops that visitors are let into although the configuration in effect still says that they are being made. nginx looks
 * for a shop's file at each request to a host in the making, and at no other; so opening a door is one file written,
 * where a reload would take a fifth of a second. Before that the platform lets itself in alone, by a mark with a key that
 * it sends along. All of it is for whoever holds the edge's lock.
 */
export function createOpenedDoors(folders: Pick<EdgeFolders, 'opened'>) {
  const marks = async (): Promise<string[]> => (await readdir(folders.opened).catch(ignoreMissing)) ?? [];
  const mark = (name: string): Promise<void> => writeFile(join(folders.opened, name), '', { mode: MARK_MODE });
  return {
    /** Whoever sends the key is let in, and nobody else. */
    openToKey: (id: string): Promise<string> =>
      fileWork(`Opening the door of ${id} a crack`, async () => {
        storeId(id);
        const key = randomBytes(KEY_BYTES).toString('hex');
        await mark(`${id}.${key}`);
        return key;
      }),

    /** Nobody is let in by that key any more. */
    forgetKey: (id: string, key: string): Promise<void> => rm(join(folders.opened, `${id}.${key}`), { force: true }),

    isOpen: async (id: string): Promise<boolean> => (await marks()).includes(id),

    /** Visitors are let in from the next request on. May be repeated. */
    open: (id: string): Promise<void> =>
      fileWork(`Opening the door of ${id}`, async () => {
        storeId(id);
        await mark(id);
      }),

    /** Nobody is let in by a mark but into these stores. */
    keepOnly: (isOpen: (storeId: string) => boolean): Promise<void> =>
      fileWork('Shutting doors', async () => {
        const meant = (await marks()).filter((name) => !isOpen(name.split('.')[0] ?? ''));
        await Promise.all(meant.map((name) => rm(join(folders.opened, name), { force: true })));
      }),

    /** Removes marks that nobody needs any more, because nginx has been told for so many milliseconds. */
    forget: (afterMs: number): Promise<void> =>
      fileWork('Removing the marks of opened doors', async () => {
        for (const name of await marks()) {
          const path = join(folders.opened, name);
          const made = await stat(path).catch(ignoreMissing);
          if (made !== undefined && Date.now() - made.mtimeMs > afterMs) await rm(path, { force: true });
        }
      }),
  };
}
