import { type FSWatcher, watch } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { directoryOf } from '../../domain/names.ts';
import { fileWork } from './file-error.ts';
import { pathBelow } from './path-below.ts';

const SIGNAL = 'purge';

/**
 * How a shop says that its pages changed: it writes a file in its cache folder. The folder is the store's own and anything
 * may lie there, so of the file only its time, size and number are looked at; nothing is opened and no link followed.
 */
export function createPageSignals({ customersDir }: { readonly customersDir: string }) {
  const folderOf = (storeId: string): Promise<string> =>
    pathBelow(customersDir, `${directoryOf({ id: storeId })}/data/wp-cache`);
  return {
    /** Another text after each change; `undefined` while the shop never said anything. */
    latest: (storeId: string): Promise<string | undefined> =>
      fileWork(`Looking at the pages of ${storeId}`, async () => {
        const facts = await lstat(join(await folderOf(storeId), SIGNAL), { bigint: true }).catch(() => undefined);
        return facts?.isFile() ? `${facts.mtimeNs}.${facts.size}.${facts.ino}` : undefined;
      }),

    /**
     * Calls back once, at the next thing that happens in the shop's cache folder, and looks no more: a shop that writes
     * without end costs one call. Returns what ends it before; `undefined` where it cannot be watched now.
     */
    async next(storeId: string, onChange: () => void): Promise<(() => void) | undefined> {
      let watcher: FSWatcher;
      try {
        watcher = watch(await folderOf(storeId), { persistent: false });
      } catch {
        return undefined;
      }
      const end = (): void => watcher.close();
      const once = (): void => {
        end();
        onChange();
      };
      watcher.once('change', once);
      // Nothing would be told any more: whoever waits looks again.
      watcher.once('error', once);
      return end;
    },
  };
}
