import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../domain/errors.ts';
import { headText, type LedgerHead } from '../../domain/ledger.ts';
import { fileWork } from './file-error.ts';
import { ignoring } from './ignoring.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

const KEPT = z.strictObject({ position: z.int().min(1), seal: z.string(), at: z.string(), mac: z.string() });

/**
 * How far the ledger was sealed, in a file of root's: whoever rules the database can take lines from the end of the
 * ledger, but neither this note of them, nor sign another one.
 */
export function createLedgerHeadFile({
  path,
  macOf,
  formerMacs = [],
}: {
  path: string;
  macOf: (text: string) => string;
  /** Of keys of before that may have signed the note last. */
  formerMacs?: readonly ((text: string) => string)[];
}) {
  const readText = () => readFile(path, 'utf8').catch(ignoring('ENOENT'));

  function headIn(text: string, macs: readonly ((text: string) => string)[]): LedgerHead | undefined {
    const kept = KEPT.safeParse(parsed(text));
    if (!kept.success) return undefined;
    const { mac, ...head } = kept.data;
    return macs.some((one) => one(headText(head)) === mac) ? head : undefined;
  }

  return {
    /** `undefined` while there is none. Throws `secret_unreadable` for one that was not signed with any of these keys. */
    async read(): Promise<LedgerHead | undefined> {
      const text = await readText();
      if (text === undefined) return undefined;
      const head = headIn(text, [macOf, ...formerMacs]);
      if (head !== undefined) return head;
      throw new AppError('secret_unreadable', `${path} was not written with this SECRET_KEY.`, {
        hint: 'Put back the SECRET_KEY or the file of before; without either, look into the ledger, then remove the file.',
      });
    },

    /** Was it signed with the key of today? */
    async isCurrent(): Promise<boolean> {
      const text = await readText();
      return text !== undefined && headIn(text, [macOf]) !== undefined;
    },

    write: (head: LedgerHead): Promise<void> =>
      fileWork('The head of the ledger', async () => {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await writeFileAtomically(path, `${JSON.stringify({ ...head, mac: macOf(headText(head)) })}\n`, {
          mode: 0o600,
        });
      }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
