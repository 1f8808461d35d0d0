import { readFile } from 'node:fs/promises';
import { fileWork } from './file-error.ts';
import { ignoring } from './ignoring.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

/** Which database this machine works with, noted outside of it: a database that was emptied cannot say so itself. */
export function createKnownDatabaseFile(path: string) {
  return {
    /** `undefined` while nothing was noted. */
    read: (): Promise<string | undefined> =>
      fileWork('Which database this machine knows', async () => {
        const text = (await readFile(path, 'utf8').catch(ignoring('ENOENT')))?.trim();
        return text === '' ? undefined : text;
      }),

    /** May be done by several at once. The folder has to be there. */
    write: (identity: string): Promise<void> =>
      fileWork('Which database this machine knows', async () => {
        await writeFileAtomically(path, `${identity}\n`, { mode: 0o644 });
      }),
  };
}
