import { constants, type Dirent } from 'node:fs';
import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { directoryOf } from '../../domain/names.ts';
import type { Store } from '../../domain/store.ts';
import { fileWork } from './file-error.ts';
import { ignoring } from './ignoring.ts';
import { pathBelow } from './path-below.ts';

export interface SpooledMail {
  /** Unique within the store; the file's name without its ending. */
  readonly id: string;
  readonly raw: Buffer;
}

const MAX_MAIL_BYTES = 10 * 1024 * 1024;
const MAX_PER_LOOK = 100;
/** What one shop has written holds up the others' no longer. */
const MAX_BYTES_PER_LOOK = 20 * 1024 * 1024;
/** A link, a socket, gone meanwhile. A mail that cannot be opened just now stays where it is. */
const ignoreNoMail = ignoring('ELOOP', 'ENXIO', 'ENOENT');
/** It was a file when it was looked at. */
const ignoreFolder = ignoring('ERR_FS_EISDIR', 'EISDIR');
/** The folder belongs to the store: anything may lie in it, so nothing is followed, waited for or trusted. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** The folder in which a shop's `sendmail` leaves its mails, as `NAME.eml`. */
export function createMailSpool({ customersDir }: { customersDir: string }) {
  const folderOf = (store: Pick<Store, 'id'>): Promise<string> =>
    pathBelow(customersDir, `${directoryOf(store)}/data/mail`);
  return {
    /**
     * Up to 100 whole mails, oldest names first, each read when it is asked for, and no more once they are 20 MiB together.
     * Files that are no mail (links, pipes, giants) are removed unread; folders stay, since what is in one could be exchanged
     * for a way out while it is being removed.
     */
    async *take(store: Pick<Store, 'id'>): AsyncGenerator<SpooledMail> {
      const what = `Reading the mails of ${store.id}`;
      const folder = await fileWork(what, () => folderOf(store));
      let bytes = 0;
      for (const name of await mailsIn(folder)) {
        if (bytes >= MAX_BYTES_PER_LOOK) return;
        const raw = await fileWork(what, () => readOrRemove(join(folder, name)));
        if (raw === undefined) continue;
        bytes += raw.length;
        yield { id: name.slice(0, -'.eml'.length), raw };
      }
    },

    /** Call once the mail is safe in the outbox. */
    remove: (store: Pick<Store, 'id'>, id: string): Promise<void> =>
      fileWork(`Removing a mail of ${store.id}`, async () => {
        await rm(join(await folderOf(store), `${id}.eml`), { force: true });
      }),
  };
}

async function mailsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
  return entries
    .filter((entry) => !entry.isDirectory() && entry.name.endsWith('.eml'))
    .map(({ name }) => name)
    .toSorted()
    .slice(0, MAX_PER_LOOK);
}

async function readOrRemove(path: string): Promise<Buffer | undefined> {
  const raw = await readPlainFile(path);
  // Never what is below it: by root, in a folder of somebody else's, that could be anywhere by then.
  if (raw === undefined) await rm(path, { force: true }).catch(ignoreFolder);
  return raw;
}

async function readPlainFile(path: string): Promise<Buffer | undefined> {
  const handle = await open(path, OPEN_FLAGS).catch(ignoreNoMail);
  if (handle === undefined) return undefined;
  try {
    const facts = await handle.stat();
    if (!facts.isFile() || facts.nlink !== 1 || facts.size > MAX_MAIL_BYTES) return undefined;
    const bytes = Buffer.alloc(facts.size);
    const { bytesRead } = await handle.read(bytes, 0, facts.size, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
