import { readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SECOND } from '../../lib/time.ts';
import { fileWork } from '../filesystem/file-error.ts';
import { ignoreMissing } from './configuration-trees.ts';
import type { EdgeFolders } from './edge-folders.ts';
import { storeId } from './nginx-syntax.ts';

const MARK_MODE = 0o644;

export type OpenedDoors = ReturnType<typeof createOpenedDoors>;

/**
 * Shops that visitors are let into although the configuration in effect still says that they are being made. nginx looks
 * for a shop's file at each request to a host in the making, and at no other; so opening a door is one file written,
 * where a reload would take a third of a second. The next configuration says it by itself, and the file goes.
 */
export function createOpenedDoors(folders: Pick<EdgeFolders, 'opened'>) {
  return {
    /** Visitors are let in from the next request on. May be repeated. */
    open: (id: string): Promise<void> =>
      fileWork(`Opening the door of ${id}`, async () => {
        storeId(id);
        const path = join(folders.opened, id);
        await writeFile(path, '', { mode: MARK_MODE });
        // By the clock that `removeOlder` is asked with; the kernel's own stamps lag behind it.
        const now = Date.now() / SECOND;
        await utimes(path, now, now);
      }),

    /** Removes the marks that were made before this moment, in milliseconds since 1970, of the stores that are meant. */
    removeOlder: (moment: number, isMeant: (storeId: string) => boolean): Promise<void> =>
      fileWork('Removing the marks of opened doors', async () => {
        const meant = ((await readdir(folders.opened).catch(ignoreMissing)) ?? []).filter(isMeant);
        await Promise.all(
          meant.map(async (id) => {
            const path = join(folders.opened, id);
            const made = await stat(path).catch(ignoreMissing);
            if (made !== undefined && made.mtimeMs < moment) await rm(path, { force: true });
          }),
        );
      }),
  };
}
