import { chmod, chown, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../domain/errors.ts';
import { directoryOf } from '../../domain/names.ts';
import { limitsOf, type PhpLimits } from '../../domain/php-limits.ts';
import type { Store } from '../../domain/store.ts';
import { fileWork } from './file-error.ts';
import { pathBelow } from './path-below.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

const ROOT = 0;
/** Root writes, the store's own group reads: nothing in the shop can change what it may take. */
const FOLDER_MODE = 0o750;
const FILE_MODE = 0o640;
const FILE = 'php-limits.json';

/**
 * What one request may take, in the store's folder `settings/web`, which its web container mounts as a whole: a replaced
 * file keeps its old content inside a container that mounts it alone.
 */
export function createPhpLimitFiles({ customersDir }: { customersDir: string }) {
  return {
    /** The file whole or not at all; of no limits none, and the image's own hold. The folder is there afterwards. */
    write: (store: Store, limits: PhpLimits | undefined): Promise<void> =>
      fileWork(`Writing the limits of ${store.id}`, async () => {
        const settings = await pathBelow(customersDir, `${directoryOf(store)}/settings`);
        const folder = join(settings, 'web');
        await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
        for (const [path, group] of [
          [settings, ROOT],
          [folder, store.uid],
        ] as const) {
          await chmod(path, FOLDER_MODE);
          await chown(path, ROOT, group);
        }
        const file = join(folder, FILE);
        if (limits === undefined) await rm(file, { force: true });
        else await writeFileAtomically(file, renderPhpLimits(limits), { mode: FILE_MODE, uid: ROOT, gid: store.uid });
      }),
  };
}

/** Four numbers as JSON. Throws `internal_error` for one that is none. */
export function renderPhpLimits(limits: PhpLimits): string {
  const checked = limitsOf((name) => {
    const value = limits[name];
    if (!Number.isSafeInteger(value) || value <= 0) throw new AppError('internal_error', `${name} is no number.`);
    return value;
  });
  return `${JSON.stringify(checked)}\n`;
}
