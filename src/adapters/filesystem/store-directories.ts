import { chmod, chown, lchown, mkdir, readdir, readlink, rm, rmdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { directoryOf, linkOf, NOBODY_ID } from '../../domain/names.ts';
import type { Store } from '../../domain/store.ts';
import { fileWork } from './file-error.ts';
import { ignoring } from './ignoring.ts';
import { pathBelow } from './path-below.ts';

const ROOT = 0;
const FOLDER_MODE = 0o750;
const LINK_FOLDER_MODE = 0o755;

/** The folders of stores below `CUSTOMERS_DIR`. The data folders are the store's own, everything above them is root's. */
export function createStoreDirectories({ customersDir }: { customersDir: string }) {
  return {
    /** Ids of stores that have a folder. */
    list: (): Promise<string[]> =>
      fileWork('Looking at the folders of stores', async () => {
        const entries = await readdir(join(customersDir, 'stores'), { withFileTypes: true }).catch(ignoring('ENOENT'));
        return (entries ?? []).filter((entry) => entry.isDirectory()).map(({ name }) => name);
      }),

    ensure: (store: Store, dataFolders: readonly string[]): Promise<void> =>
      fileWork(`Making the folders of ${store.id}`, async () => {
        const root = await pathBelow(customersDir, directoryOf(store));
        await folder(join(customersDir, 'stores'), ROOT, FOLDER_MODE);
        await folder(root, ROOT, FOLDER_MODE);
        await folder(join(root, 'data'), ROOT, FOLDER_MODE);
        for (const name of dataFolders) await folder(join(root, 'data', name), store.uid, FOLDER_MODE);
        if (store.customerId !== NOBODY_ID) await linkForPeople(customersDir, store);
      }),

    /** Removes the folders of a store and the link to them. Follows no symlink; a missing folder is no failure. */
    remove: (store: Pick<Store, 'id' | 'customerId'>): Promise<void> =>
      fileWork(`Removing the folders of ${store.id}`, async () => {
        await rm(await pathBelow(customersDir, directoryOf(store)), { recursive: true, force: true, maxRetries: 3 });
        const link = await pathBelow(customersDir, linkOf(store));
        await rm(link, { force: true });
        await rmdir(dirname(link)).catch(() => undefined); // Not empty: the customer has other stores.
      }),
  };
}

async function folder(path: string, owner: number, mode: number): Promise<void> {
  await mkdir(path, { recursive: true, mode });
  await chmod(path, mode);
  await chown(path, owner, owner);
}

async function linkForPeople(customersDir: string, store: Store): Promise<void> {
  const link = await pathBelow(customersDir, linkOf(store));
  const target = join('..', directoryOf(store));
  await folder(dirname(link), ROOT, LINK_FOLDER_MODE);
  const current = await readlink(link).catch(() => undefined);
  if (current === target) return;
  await rm(link, { force: true });
  await symlink(target, link);
  await lchown(link, ROOT, ROOT);
}
