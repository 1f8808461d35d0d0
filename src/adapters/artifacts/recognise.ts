import { open } from 'node:fs/promises';
import { AppError } from '../../domain/errors.ts';
import type { ApplicationFacts } from './application-facts.ts';
import { type ArchiveEntry, type ArchiveWalk, refused } from './archive-entry.ts';
import { APPLICATIONS, type CatalogueEntry, type FileSign } from './catalogue.ts';
import { readFromPhar } from './phar-archive.ts';
import type { TreeReader } from './readers/tree-reader.ts';
import { walkTar } from './tar-archive.ts';
import { walkZip } from './zip-archive.ts';

export interface Recognised {
  readonly entry: CatalogueEntry;
  readonly version: string;
  /** The one folder that its paths begin with; empty where there is none. */
  readonly top: string;
  readonly facts: ApplicationFacts;
  /** `.zip`, `.tar.gz`, `.tar` or `.phar`: what it is, whatever it is called. */
  readonly extension: string;
}

type Form = 'zip' | 'tar.gz' | 'tar' | 'phar';

type Told = Omit<Recognised, 'extension'>;

/** A tree while it is read under the assumption that `top` is its top folder. */
interface Reading {
  readonly entry: CatalogueEntry;
  readonly top: string;
  readonly reader: TreeReader;
}

const FILE_SIGNS = APPLICATIONS.flatMap((entry) => ('file' in entry.sign ? [{ entry, sign: entry.sign }] : []));
const TREE_SIGNS = APPLICATIONS.flatMap((entry) =>
  'newReader' in entry.sign ? [{ entry, newReader: entry.sign.newReader }] : [],
);
/** More than any application ever held. */
const MOST = {
  files: Math.max(...APPLICATIONS.map(({ most }) => most.files)),
  bytes: Math.max(...APPLICATIONS.map(({ most }) => most.bytes)),
};
const MEGABYTE = 1_000_000;

const HEAD = 512;
/** A phar's stub ends well before this. */
const STUB = 64 * 1024;
/** Composer's list of a big project has 1.2 MB. */
const MAX_SIGN = 16 * 1024 * 1024;
/** Kept short: it becomes part of folder names and of labels. */
const VERSION = /^\d[\w.-]{0,39}$/;

/** How a file's members are walked, by its first bytes; `undefined` when it is none of ours. */
export async function walkOf(file: string): Promise<ArchiveWalk | undefined> {
  const form = await formOf(file);
  if (form === 'zip') return walkZip;
  if (form === 'tar.gz') return (path, signal) => walkTar(path, signal, true);
  if (form === 'tar') return (path, signal) => walkTar(path, signal, false);
  return undefined;
}

/**
 * Which application a file is, by what is inside it. Throws `artifact_refused` for a file that is none of the
 * catalogue's, or is cut off before that can be told.
 */
export async function recognise(file: string, signal: AbortSignal): Promise<Recognised> {
  const form = await formOf(file);
  const found = form === 'phar' ? await inPhar(file) : await inTree(file, signal);
  if (form !== undefined && found !== undefined) return { ...found, extension: `.${form}` };
  const names = APPLICATIONS.map(({ label }) => label).join(', ');
  throw new AppError('artifact_refused', `${file} is refused: it is no archive of ${names}.`, {
    hint: 'An application archive is the vendor’s own .zip, .tar.gz or .phar, unchanged.',
  });
}

async function formOf(file: string): Promise<Form | undefined> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(STUB), 0, STUB, 0);
    const head = buffer.subarray(0, bytesRead);
    if (head.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004', 'latin1'))) return 'zip';
    if (head[0] === 0x1f && head[1] === 0x8b) return 'tar.gz';
    if (head.subarray(257, 262).toString('latin1') === 'ustar') return 'tar';
    const text = head.subarray(0, HEAD).toString('latin1');
    if (/^(?:#![^\n]*\n)?<\?php/.test(text) && head.includes('__HALT_COMPILER();')) return 'phar';
    return undefined;
  } finally {
    await handle.close();
  }
}

async function inPhar(file: string): Promise<Told | undefined> {
  for (const { entry, sign } of FILE_SIGNS.filter(({ entry: { form } }) => form === 'phar')) {
    const text = await readFromPhar(file, sign.file);
    const version = text === undefined ? undefined : versionIn(sign, text);
    if (version !== undefined) return { entry, version, top: '', facts: {} };
  }
  return undefined;
}

/** One walk for all: the first sign ends it, readers of whole trees see every member. */
async function inTree(file: string, signal: AbortSignal): Promise<Told | undefined> {
  const walk = await walkOf(file);
  if (walk === undefined) return undefined;
  let readings: Reading[] | undefined;
  let count = 0;
  let bytes = 0;
  for await (const member of walk(file, signal)) {
    count += 1;
    bytes += member.size;
    if (count > MOST.files) throw refused(file, `holds more than ${MOST.files} files`);
    if (bytes > MOST.bytes) throw refused(file, `holds more than ${MOST.bytes / MEGABYTE} MB`);
    const text = onceOnly(() => textOf(member, file));
    for (const { entry, sign } of FILE_SIGNS) {
      if (entry.folder === undefined || member.path !== `${entry.folder}/${sign.file}`) continue;
      const version = versionIn(sign, await text());
      if (version !== undefined) return { entry, version, top: entry.folder, facts: {} };
    }
    readings ??= startReadings(file, member.path);
    for (const reading of readings) {
      const told = await read(reading, member, text);
      if (told !== undefined) return told;
    }
  }
  return (readings ?? []).map(conclude).find((told) => told !== undefined);
}

/** The top folder is either the first member's first, or there is none. */
function startReadings(file: string, firstPath: string): Reading[] {
  const [, first] = /^([^/]+)\//.exec(firstPath) ?? [];
  const tops = first === undefined || first === '.' ? [''] : ['', first];
  return TREE_SIGNS.flatMap(({ entry, newReader }) => tops.map((top) => ({ entry, top, reader: newReader(file) })));
}

async function read(reading: Reading, member: ArchiveEntry, text: () => Promise<string>): Promise<Told | undefined> {
  const { reader, top } = reading;
  if (member.type !== 'file' || (top !== '' && !member.path.startsWith(`${top}/`))) return undefined;
  const seen = reader.see(top === '' ? member.path : member.path.slice(top.length + 1), text);
  // Nearly always nothing is to be waited for, and there are a hundred thousand members.
  if (seen !== undefined) await seen;
  return reader.wantsAll ? undefined : conclude(reading);
}

function conclude({ entry, top, reader }: Reading): Told | undefined {
  const verdict = reader.verdict();
  return verdict === undefined || !VERSION.test(verdict.version) ? undefined : { entry, top, ...verdict };
}

function versionIn(sign: FileSign, text: string): string | undefined {
  if (!sign.isIt.test(text)) return undefined;
  const version = sign.version.exec(text)?.[1];
  return version !== undefined && VERSION.test(version) ? version : undefined;
}

/** A member's content comes once, however many ask for it. */
function onceOnly(get: () => Promise<string>): () => Promise<string> {
  let got: Promise<string> | undefined;
  return () => (got ??= get());
}

async function textOf(member: ArchiveEntry, file: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of member.content()) {
    length += chunk.length;
    if (length > MAX_SIGN) throw refused(file, `holds a ${member.path} that is far too long`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
