import { link, lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Enough of a digest that no two openings share a name, and little of the length that a socket's path may have. */
const NAME_LENGTH = 16;

/** The one name by which an opening's panel is reached, below `DATA_DIR/run/databases`; in a folder of root's. */
export const databaseSocketOf = (folder: string, storeId: string, tokenHash: string): string =>
  join(folder, storeId, `${tokenHash.slice(0, NAME_LENGTH)}.sock`);

/**
 * Gives the socket at `from`, where somebody else may put what he likes, a name of ours as well: from then on `to` leads
 * to this very socket, whatever becomes of `from`. False, with nothing at `to`, while there is no socket; a link to one is
 * none, since neither the look nor the naming follows it. Both are on one file system.
 */
export async function holdSocket({ from, to }: { readonly from: string; readonly to: string }): Promise<boolean> {
  await rm(to, { force: true });
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  // Looked at under our name: under the other it may be something else by now.
  if ((await lstat(to)).isSocket()) return true;
  await rm(to, { force: true });
  return false;
}
