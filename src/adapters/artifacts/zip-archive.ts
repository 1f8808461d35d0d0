import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { type ArchiveEntry, refused } from './archive-entry.ts';

const UNIX = 3;
const FILE_TYPE = 0o170000;
const TYPES: Readonly<Record<number, ArchiveEntry['type']>> = {
  0o040000: 'directory',
  0o100000: 'file',
  0o120000: 'link',
  0: 'file',
};

/** Walks a zip file by its directory. A cut-off, encrypted or otherwise broken one throws `artifact_refused`. */
export async function* walkZip(file: string, signal: AbortSignal): AsyncGenerator<ArchiveEntry> {
  // Names are checked by whoever unpacks, with the same words for every kind of archive.
  const options = { lazyEntries: true, strictFileNames: false, decodeStrings: true, validateEntrySizes: true } as const;
  const zip = await openPromise(file, { ...options, autoClose: false }).catch((error: unknown) => {
    throw refused(file, 'is cut off or not a zip archive', error);
  });
  try {
    for await (const entry of entriesOf(zip, file)) {
      signal.throwIfAborted();
      yield { path: entry.fileName, type: typeOf(entry), content: () => contentOf(zip, entry, file) };
    }
  } finally {
    zip.close();
  }
}

async function* entriesOf(zip: ZipFile, file: string): AsyncGenerator<Entry> {
  const entries = zip.eachEntry();
  for (;;) {
    const next = await entries.next().catch((error: unknown) => {
      throw refused(file, `has a directory that cannot be trusted (${messageOf(error)})`, error);
    });
    if (next.done === true) return;
    yield next.value;
  }
}

function typeOf(entry: Entry): ArchiveEntry['type'] {
  if (entry.fileName.endsWith('/')) return 'directory';
  if (entry.versionMadeBy >> 8 !== UNIX) return 'file';
  return TYPES[(entry.externalFileAttributes >>> 16) & FILE_TYPE] ?? 'special';
}

async function* contentOf(zip: ZipFile, entry: Entry, file: string): AsyncGenerator<Uint8Array> {
  let sum = 0;
  try {
    const stream = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk);
      sum = crc32(bytes, sum);
      yield bytes;
    }
  } catch (error) {
    throw refused(file, `is damaged at ${JSON.stringify(entry.fileName)}`, error);
  }
  if (sum !== entry.crc32) throw refused(file, `is damaged at ${JSON.stringify(entry.fileName)} (wrong checksum)`);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
