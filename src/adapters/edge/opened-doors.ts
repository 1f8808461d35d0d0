import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileWork } from '../filesystem/file-error.ts';
import { ignoreMissing } from './configuration-trees.ts';
import type { EdgeFolders } from './edge-folders.ts';
import { storeId } from './nginx-syntax.ts';

const MARK_MODE = 0o644;

export type OpenedDoors = ReturnType<typeof createOpenedDoors>;

/**
 * Shops that visitors are let into although the configuration in effect still says that they are being made. nginx looks
 * for a shop's file at each request to a host in the making, and at no other; so opening a door is one file written,
 * where a reload would take a third of a second. All of it is for whoever holds the edge's lock.
 */
export function createOpenedDoors(folders: Pick<EdgeFolders, 'opened'>) {
  const marks = async (): Promise<string[]> => (await readdir(folders.opened).catch(ignoreMissing)) ?? [];
  return {
    /** Visitors are let in from the next request on. May be repeated. */
    open: (id: string): Promise<void> =>
      fileWork(`Opening the door of ${id}`, async () => {
        storeId(id);
        await writeFile(join(folders.opened, id), '', { mode: MARK_MODE });
      }),

    /** Nobody is let in by a mark but into these stores. */
    keepOnly: (isOpen: (storeId: string) => boolean): Promise<void> =>
      fileWork('Shutting doors', async () => {
        const meant = (await marks()).filter((id) => !isOpen(id));
        await Promise.all(meant.map((id) => rm(join(folders.opened, id), { force: true })));
      }),

    /** Removes marks that nobody needs any more, because nginx has been told for so many milliseconds. */
    forget: (afterMs: number): Promise<void> =>
      fileWork('Removing the marks of opened doors', async () => {
        for (const id of await marks()) {
          const path = join(folders.opened, id);
          const made = await stat(path).catch(ignoreMissing);
          if (made !== undefined && Date.now() - made.mtimeMs > afterMs) await rm(path, { force: true });
        }
      }),
  };
}
