import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileWork } from '../filesystem/file-error.ts';
import type { EdgeFolders } from './edge-folders.ts';

/** What the last character of a store's id may be; those that new ids end in come first, so that shelves fill evenly. */
export const ENDS_OF_IDS = '0123456789abcdefghjkmnpqrstvwxyzilou_';

const LEAST_MB_OF_A_SHELF = 32;
const MOST_SHELVES = 32;
const MOST_TRIES = 5;
/** nginx knows some eight thousand pages by one megabyte of memory: of each one 4 kB are on disk then. */
const MB_PER_MB_OF_KEYS = 32;

/**
 * The room for kept pages is divided into shelves, each with a part of it, and a store's pages stand on one of them: what
 * a shop has kept pushes out no page of a store on another shelf, however much it is.
 */
export interface PageShelves {
  /** 0: no page is kept. */
  readonly count: number;
  readonly megabytes: number;
  readonly megabytesOfKeys: number;
}

export function pageShelves(pageCacheMb: number): PageShelves {
  if (pageCacheMb === 0) return { count: 0, megabytes: 0, megabytesOfKeys: 0 };
  const count = Math.min(Math.max(Math.floor(pageCacheMb / LEAST_MB_OF_A_SHELF), 1), MOST_SHELVES);
  const megabytes = Math.floor(pageCacheMb / count);
  return { count, megabytes, megabytesOfKeys: Math.ceil(megabytes / MB_PER_MB_OF_KEYS) };
}

/** Of a store with this id, or with an id that ends so. */
export const shelfOf = (storeId: string, { count }: PageShelves): number =>
  ENDS_OF_IDS.indexOf(storeId.slice(-1)) % count;

/** With another number of shelves stores stand on other ones: what stood on the old ones is nobody's then. */
export const shelfName = (shelf: number, { count }: PageShelves): `${number}-of-${number}` => `${shelf}-of-${count}`;

export const shelfFolder = (folders: EdgeFolders, shelf: number, shelves: PageShelves): string =>
  join(folders.keptPages, shelfName(shelf, shelves));

/**
 * Takes away what stands anywhere else than on today's shelves, e.g. since there were fewer of them. Call when nginx goes by
 * today's configuration; may be repeated.
 */
export function removeOtherShelves(folders: EdgeFolders, shelves: PageShelves): Promise<void> {
  const today = new Set<string>(Array.from({ length: shelves.count }, (_, shelf) => shelfName(shelf, shelves)));
  return fileWork('Removing shelves of kept pages that are no more', async () => {
    for (const name of await readdir(folders.keptPages)) {
      if (today.has(name)) continue;
      // Workers that were told to end may still be writing there.
      await rm(join(folders.keptPages, name), { recursive: true, force: true, maxRetries: MOST_TRIES });
    }
  });
}
