import { copyFile, mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../domain/errors.ts';
import { type ArchiveEntry, placeOf, refused } from './archive-entry.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { walkOf } from './recognise.ts';
import { BIGGEST_FILE } from './zip-archive.ts';

const FOLDER_MODE = 0o755;
const FILE_MODE = 0o644;
const WRITE_AT_ONCE = 32;
const KEEP_AT_MOST = 8_000_000;
/** The first that a zip can tell. PHP keeps no compiled code of a file without a time, and none of one from the future. */
const LONG_AGO = new Date('1980-01-01T00:00:00Z');

/**
 * Unpacks an application's archive into an empty folder, which then is the application's own (its one top folder is
 * left out, as is what its entry leaves out). Modes and owners in the archive are ignored; files bear the times that it tells,
 * so that compiled code of them is good for the same archive unpacked once more. Throws `artifact_refused` at
 * the first thing that an honest archive does not hold (a way outside, a link, a device, a name twice, too much) or that
 * is damaged; what was written until then stays in `into`, for the caller to remove.
 */
export async function unpack(
  file: string,
  into: string,
  entry: Pick<CatalogueEntry, 'name' | 'form' | 'leaveOut' | 'most'> & { readonly top: string },
  signal: AbortSignal,
): Promise<void> {
  if (entry.form === 'phar') {
    await copyFile(file, join(into, `${entry.name}.phar`));
    return;
  }
  const walk = await walkOf(file);
  if (walk === undefined) throw refused(file, 'is no archive that can be unpacked');
  const places = new Set<string>();
  const folders = new Set<string>();
  const writes = createWrites();
  let left = entry.most.bytes;
  for await (const member of walk(file, signal)) {
    if (entry.leaveOut?.test(belowTop(member.path, entry.top)) === true) continue;
    const answer = placeOf(member, entry.top);
    if ('reason' in answer) throw refused(file, answer.reason);
    const { place } = answer;
    if (place === '') continue;
    if (places.size >= entry.most.files) throw refused(file, `holds more than ${entry.most.files} files`);
    if (member.type === 'file' && places.has(place)) throw refused(file, `holds ${JSON.stringify(place)} twice`);
    places.add(place);
    const target = join(into, place);
    await makeFolder(member.type === 'directory' ? target : dirname(target), folders);
    if (member.type !== 'file') continue;
    const content = await contentOf(member, left, () => tooBig(file, entry.most.bytes));
    left -= content.length;
    await writes.add({ target, content, changedAt: believable(member.changedAt) });
  }
  await writes.finish();
  if (places.size === 0) throw refused(file, 'is empty');
}

/** What is left out is not looked at any further: links, for example, are no reason to refuse there. */
const belowTop = (path: string, top: string): string =>
  top === '' || !path.startsWith(`${top}/`) ? path : path.slice(top.length + 1);

async function makeFolder(path: string, made: Set<string>): Promise<void> {
  if (made.has(path)) return;
  await mkdir(path, { recursive: true, mode: FOLDER_MODE });
  made.add(path);
}

/** Real bytes are counted: what an archive's directory says is only a claim. */
async function contentOf(member: ArchiveEntry, limit: number, whenOver: () => AppError): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of member.content()) {
    size += chunk.length;
    if (size > Math.min(limit, BIGGEST_FILE)) throw whenOver();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const believable = (moment: Date | undefined): Date =>
  moment !== undefined && moment > LONG_AGO && moment.getTime() < Date.now() ? moment : LONG_AGO;

interface Write {
  readonly target: string;
  readonly content: Buffer;
  readonly changedAt: Date;
}

/** Files are written side by side, a few at a time: a shop has a hundred thousand small ones. */
function createWrites() {
  let waiting: Write[] = [];
  let bytes = 0;

  async function finish(): Promise<void> {
    const now = waiting;
    waiting = [];
    bytes = 0;
    await Promise.all(
      now.map((write) =>
        put(write).catch((error: unknown) => {
          throw whyNotWritten(write.target, error);
        }),
      ),
    );
  }

  return {
    finish,
    async add(write: Write): Promise<void> {
      waiting.push(write);
      bytes += write.content.length;
      if (waiting.length >= WRITE_AT_ONCE || bytes >= KEEP_AT_MOST) await finish();
    },
  };
}

async function put({ target, content, changedAt }: Write): Promise<void> {
  await writeFile(target, content, { flag: 'wx', mode: FILE_MODE });
  await utimes(target, changedAt, changedAt);
}

const tooBig = (file: string, most: number): AppError =>
  refused(file, `holds more than ${Math.round(most / 1_000_000)} MB`);

/** A file where a folder should be, or the other way round, is the archive's fault; a full disk is not. */
function whyNotWritten(target: string, error: unknown): AppError {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError('disk_full', `The disk is full: ${target} could not be written.`, {
      cause: error,
      retryable: true,
      hint: 'Free some space and try again.',
    });
  }
  return new AppError('artifact_refused', `${target} could not be unpacked (${code ?? String(error)}).`, {
    cause: error,
  });
}
