import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../domain/errors.ts';
import { SECOND } from '../../lib/time.ts';
import { fileWork } from '../filesystem/file-error.ts';
import { ignoreMissing } from './configuration-trees.ts';
import { edgeFolders } from './edge-folders.ts';
import { pageShelves, shelfFolder, shelfOf } from './page-shelves.ts';

const STORE_ID = /^[a-z0-9_]{1,64}$/;
const EPOCH_MODE = 0o644;
const FOLDER_MODE = 0o755;
/** In front of a kept page nginx writes some three hundred bytes of its own, then the key. */
const HEAD_BYTES = 2048;
/** More than the threads that Node reads files with. */
const LOOKS_AT_ONCE = 8;

/**
 * The pages of shops that nginx keeps. A store's pages are those of its epoch, which is part of their key and is looked up
 * anew for each request: emptying is one small file written, whatever there is, and needs no reload.
 */
export function createKeptPages({ dataDir, pageCacheMb }: { readonly dataDir: string; readonly pageCacheMb: number }) {
  const folders = edgeFolders(dataDir);
  const shelves = pageShelves(pageCacheMb);
  return {
    /** The signal that the last emptying answered; `undefined` where there was none. */
    answered: (storeId: string): Promise<string | undefined> =>
      fileWork(`Reading the epoch of ${storeId}`, async () => {
        const text = await readFile(epochOf(storeId), 'utf8').catch(ignoreMissing);
        return text?.trim() === '' ? undefined : text?.trim();
      }),

    /**
     * From the next request on no page is shown that was kept before. May be repeated, and be done by several at once.
     * `signal` is noted as answered; without one, what was noted stays. After an error the old epoch holds.
     */
    empty: (storeId: string, signal?: string): Promise<void> =>
      fileWork(`Emptying the kept pages of ${storeId}`, async () => {
        const path = epochOf(storeId);
        const [before, text] = await Promise.all([
          stat(path).catch(ignoreMissing),
          readFile(path, 'utf8').catch(ignoreMissing),
        ]);
        await mkdir(folders.epochs, { recursive: true, mode: FOLDER_MODE });
        // An epoch is told by whole seconds: two within one would be the same.
        const now = Math.floor(Date.now() / SECOND);
        const begins = Math.max(now, before === undefined ? 0 : Math.floor(before.mtimeMs / SECOND) + 1);
        await writeWithTime(path, `${signal ?? text?.trim() ?? ''}\n`, begins);
      }),

    /**
     * Nothing of the store is kept any more. Call when no route of it is served; may be repeated. Looks at the first bytes
     * of what stands on the store's shelf, and of nothing else: at a few thousand files, however many stores there are.
     */
    forget: (storeId: string): Promise<void> =>
      fileWork(`Removing the kept pages of ${storeId}`, async () => {
        await rm(epochOf(storeId), { force: true });
        if (shelves.count === 0) return;
        const pages = pagesBelow(shelfFolder(folders, shelfOf(storeId, shelves), shelves));
        const look = async (): Promise<void> => {
          for await (const page of pages) if ((await storeOfPage(page)) === storeId) await rm(page, { force: true });
        };
        await Promise.all(Array.from({ length: LOOKS_AT_ONCE }, look));
      }),
  };

  function epochOf(storeId: string): string {
    if (STORE_ID.test(storeId)) return join(folders.epochs, storeId);
    throw new AppError('internal_error', 'This is no id of a store.');
  }
}

async function writeWithTime(path: string, content: string, seconds: number): Promise<void> {
  const beside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(beside, 'wx', EPOCH_MODE);
    try {
      await handle.writeFile(content);
      await handle.chmod(EPOCH_MODE);
      await handle.utimes(seconds, seconds);
    } finally {
      await handle.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** nginx removes files meanwhile as it likes. */
async function* pagesBelow(folder: string): AsyncGenerator<string> {
  const entries = (await readdir(folder, { withFileTypes: true }).catch(ignoreMissing)) ?? [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* pagesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

/** By the key that nginx writes in front of each page; its second word is the store (render-page-cache.ts). */
async function storeOfPage(path: string): Promise<string | undefined> {
  const handle = await open(path, 'r').catch(ignoreMissing);
  if (handle === undefined) return undefined;
  try {
    const bytes = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await handle.read(bytes, 0, HEAD_BYTES, 0);
    return /\nKEY: \S* (\S+) /.exec(bytes.toString('latin1', 0, bytesRead))?.[1];
  } finally {
    await handle.close();
  }
}
