import { access, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../domain/errors.ts';
import { directoryOf } from '../../domain/names.ts';
import type { Store } from '../../domain/store.ts';
import { fileWork } from './file-error.ts';
import { ignoring } from './ignoring.ts';
import { pathBelow } from './path-below.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

/** In a store's folder, beside its compose file: root's, and mounted nowhere. */
const NAME = 'taken';
const ignoreMissing = ignoring('ENOENT');

/** Which order it was. An id is none: a shop that waited has the same one before and after it. */
type Order = Pick<Store, 'id' | 'customerId' | 'createdAt'>;

/**
 * A file in a store's folder that says whose it is, from before anything of somebody's is in it until the folder goes. A
 * database from a backup may know nothing of that, and take the shop for one that waits for an owner.
 */
export function createTakenMarks({ customersDir }: { readonly customersDir: string }) {
  const placeOf = ({ id }: Pick<Store, 'id'>): Promise<string> =>
    pathBelow(customersDir, `${directoryOf({ id })}/${NAME}`);
  const textOf = ({ id, customerId, createdAt }: Order): string =>
    `${JSON.stringify({ store: id, customer: customerId, ordered: createdAt.toISOString() })}\n`;

  /** Is it this order's? False where there is no mark. Throws `store_out_of_bounds` where it is another's. */
  async function isOwn(order: Order): Promise<boolean> {
    const path = await placeOf(order);
    const found = await readFile(path, 'utf8').catch(ignoreMissing);
    if (found === undefined) return false;
    if (found === textOf(order)) return true;
    throw new AppError('store_out_of_bounds', `${path} says that this folder is of another order: ${found.trim()}`, {
      hint: 'The database is older than that order. Load a newer one: docs/operating/lost-database.md',
    });
  }

  async function write(order: Order): Promise<void> {
    if (await isOwn(order)) return;
    const path = await placeOf(order);
    await writeFileAtomically(path, textOf(order), { mode: 0o640, uid: 0 });
    await syncFolder(join(path, '..'));
  }

  return {
    /** For whoever decides that it is nobody's. */
    pathOf: ({ id }: Pick<Store, 'id'>): string => join(customersDir, directoryOf({ id }), NAME),

    /** Whoever it is. Throws when that cannot be told. */
    isTaken: ({ id }: Pick<Store, 'id'>): Promise<boolean> =>
      fileWork(`Looking whose ${id} is`, async () => {
        const path = await placeOf({ id });
        const found = await access(path).then(() => true, ignoreMissing);
        return found ?? false;
      }),

    isOwn: (order: Order): Promise<boolean> => fileWork(`Looking whose ${order.id} is`, () => isOwn(order)),

    /** On the disk when it returns, in a folder that is made where there is none. Throws as `isOwn` does, and changes nothing then. */
    put: (order: Order): Promise<void> =>
      fileWork(`Marking ${order.id} as taken`, async () => {
        await mkdir(join(await placeOf(order), '..'), { recursive: true, mode: 0o750 });
        await write(order);
      }),

    /** As `put`, but a store that has no folder gets none. */
    putWhereFolderIs: (order: Order): Promise<void> =>
      fileWork(`Marking ${order.id} as taken`, () => write(order).catch(ignoreMissing)),
  };
}

export type TakenMarks = ReturnType<typeof createTakenMarks>;

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
