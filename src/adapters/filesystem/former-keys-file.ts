import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../domain/errors.ts';
import { fileWork } from './file-error.ts';
import { ignoring } from './ignoring.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

/** A former key of the ledger, sealed by the key of today, and the last place that it may have sealed. */
export interface FormerKeyEntry {
  readonly name: string;
  readonly upTo: number;
  readonly sealed: string;
}

const KEPT = z.array(z.strictObject({ name: z.string(), upTo: z.int().min(0), sealed: z.string() }));

/** The ledger's former keys, in a file of root's beside its head: the chain outlives the `SECRET_KEY` that began it. */
export function createFormerKeysFile(path: string) {
  return {
    /** Empty while there is none. Throws `secret_unreadable` for a file that is not one of ours. */
    async read(): Promise<readonly FormerKeyEntry[]> {
      const text = (await readFile(path, 'utf8').catch(ignoring('ENOENT'))) ?? '[]';
      try {
        return KEPT.parse(JSON.parse(text));
      } catch (cause) {
        throw new AppError('secret_unreadable', `${path} is not what was written there.`, {
          hint: 'Put the file back from the backup.',
          cause,
        });
      }
    },

    write: (entries: readonly FormerKeyEntry[]): Promise<void> =>
      fileWork('The former keys of the ledger', async () => {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await writeFileAtomically(path, `${JSON.stringify(entries)}\n`, { mode: 0o600 });
      }),
  };
}
