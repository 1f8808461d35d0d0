import { open } from 'node:fs/promises';
import { AppError } from '../../domain/errors.ts';
import { type ArchiveEntry, type ArchiveWalk, refused } from './archive-entry.ts';
import { APPLICATIONS, type CatalogueEntry } from './catalogue.ts';
import { readFromPhar } from './phar-archive.ts';
import { walkTar } from './tar-archive.ts';
import { walkZip } from './zip-archive.ts';

export interface Recognised {
  readonly entry: CatalogueEntry;
  readonly version: string;
  /** `.zip`, `.tar.gz`, `.tar` or `.phar`: what it is, whatever it is called. */
  readonly extension: string;
}

type Form = 'zip' | 'tar.gz' | 'tar' | 'phar';

const HEAD = 512;
/** A phar's stub ends well before this. */
const STUB = 64 * 1024;
const MAX_SIGN = 256 * 1024;
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

async function inPhar(file: string): Promise<Omit<Recognised, 'extension'> | undefined> {
  for (const entry of APPLICATIONS.filter(({ folder }) => folder === undefined)) {
    const text = await readFromPhar(file, entry.sign.file);
    const version = text === undefined ? undefined : versionIn(entry, text);
    if (version !== undefined) return { entry, version };
  }
  return undefined;
}

async function inTree(file: string, signal: AbortSignal): Promise<Omit<Recognised, 'extension'> | undefined> {
  const walk = await walkOf(file);
  if (walk === undefined) return undefined;
  for await (const member of walk(file, signal)) {
    for (const entry of APPLICATIONS) {
      if (entry.folder === undefined || member.path !== `${entry.folder}/${entry.sign.file}`) continue;
      const version = versionIn(entry, await textOf(member, file));
      if (version !== undefined) return { entry, version };
    }
  }
  return undefined;
}

function versionIn(entry: CatalogueEntry, text: string): string | undefined {
  if (!entry.sign.isIt.test(text)) return undefined;
  const version = entry.sign.version.exec(text)?.[1];
  return version !== undefined && VERSION.test(version) ? version : undefined;
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
