import { type FileHandle, open } from 'node:fs/promises';
import { crc32, inflateRawSync } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { type ArchiveEntry, refused } from './archive-entry.ts';

/** A file is in memory once, whole. No application has one of this size. */
export const BIGGEST_FILE = 64_000_000;
const STORED = 0;
const DEFLATED = 8;
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
  const handle = await open(file, 'r');
  try {
    for await (const entry of entriesOf(zip, file)) {
      signal.throwIfAborted();
      yield {
        path: entry.fileName,
        type: typeOf(entry),
        size: entry.uncompressedSize,
        // Where it has no zone of its own, none of this machine's is put in: it means the same everywhere.
        changedAt: entry.getLastModDate({ timezone: 'UTC' }),
        content: () => contentOf(zip, entry, handle, file),
      };
    }
  } finally {
    zip.close();
    await handle.close();
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

/** Whole, at once: thousands of small files go several times faster than as streams. */
async function* contentOf(zip: ZipFile, entry: Entry, handle: FileHandle, file: string): AsyncGenerator<Uint8Array> {
  const name = JSON.stringify(entry.fileName);
  if (entry.isEncrypted()) throw refused(file, `is encrypted (${name})`);
  if (Math.max(entry.compressedSize, entry.uncompressedSize) > BIGGEST_FILE)
    throw refused(file, `is too big at ${name}`);
  let content: Buffer;
  try {
    const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(entry.compressedSize), 0, undefined, fileDataStart);
    const data = buffer.subarray(0, bytesRead);
    if (entry.compressionMethod === STORED) content = data;
    else if (entry.compressionMethod === DEFLATED) content = inflateRawSync(data, { maxOutputLength: BIGGEST_FILE });
    else throw new Error(`compression method ${entry.compressionMethod}`);
  } catch (error) {
    throw refused(file, `is damaged or too big at ${name} (${messageOf(error)})`, error);
  }
  if (content.length !== entry.uncompressedSize || crc32(content) !== entry.crc32) {
    throw refused(file, `is damaged at ${name} (wrong checksum)`);
  }
  if (content.length > 0) yield content;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
