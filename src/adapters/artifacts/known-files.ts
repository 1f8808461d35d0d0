import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../domain/errors.ts';
import { writeFileAtomically } from '../filesystem/write-file-atomically.ts';
import type { ApplicationFacts } from './application-facts.ts';
import { type ApplicationName, CATALOGUE } from './catalogue.ts';
import { recognise } from './recognise.ts';

/** What a file of the archive folder is, or why it is nothing we can use. */
export type KnownFile =
  | {
      readonly path: string;
      readonly name: ApplicationName;
      readonly version: string;
      readonly sha256: string;
      readonly extension: string;
      readonly top: string;
      readonly facts: ApplicationFacts;
    }
  | { readonly path: string; readonly refusal: string };

/** Raise it when more is read out of archives: what was remembered before is forgotten then. */
const KNOWLEDGE = 4;

export type UsableFile = Extract<KnownFile, { name: ApplicationName }>;

interface Remembered {
  /** What is read out, size, time and inode: another file, or the same one changed, is looked at anew. */
  readonly stamp: string;
  readonly known: KnownFile;
}

/**
 * Looks at files once and remembers what they are, also across processes (`memory` is a cache: losing it loses only
 * time). A file that cannot be used is an answer too.
 */
export function createKnownFiles(memory: string) {
  let remembered: Map<string, Remembered> | undefined;

  async function load(): Promise<Map<string, Remembered>> {
    remembered ??= new Map(
      await readFile(memory, 'utf8')
        .then((text) => Object.entries(JSON.parse(text) as Record<string, Remembered>))
        .catch(() => []),
    );
    return remembered;
  }

  async function save(all: Map<string, Remembered>): Promise<void> {
    try {
      await mkdir(dirname(memory), { recursive: true, mode: 0o755 });
      await writeFileAtomically(memory, `${JSON.stringify(Object.fromEntries(all), undefined, 1)}\n`, { mode: 0o644 });
    } catch {
      // Somebody who may only read asks: then it is looked at again next time.
    }
  }

  async function stampOf(path: string): Promise<string | undefined> {
    const facts = await stat(path).catch(() => undefined);
    return facts?.isFile() === true ? `${KNOWLEDGE}/${facts.size}/${facts.mtimeMs}/${facts.ino}` : undefined;
  }

  async function remember(stamp: string, known: KnownFile): Promise<void> {
    const all = await load();
    all.set(known.path, { stamp, known });
    await save(all);
  }

  async function look(path: string, signal: AbortSignal): Promise<KnownFile | undefined> {
    const stamp = await stampOf(path);
    if (stamp === undefined) return undefined;
    const before = (await load()).get(path);
    if (before?.stamp === stamp) return before.known;
    const known = await identify(path, signal);
    if (!isPassing(path)) await remember(stamp, known);
    return known;
  }

  return {
    look,
    /** That a file already looked at has got its place: it is not looked at again there. */
    async moved(file: UsableFile): Promise<UsableFile> {
      const stamp = await stampOf(file.path);
      if (stamp !== undefined) await remember(stamp, file);
      return file;
    },
    /** Every visible file directly in a folder, by name. A folder that is not there holds none. */
    async lookAll(folder: string, signal: AbortSignal): Promise<KnownFile[]> {
      const names = (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith('.')).sort();
      const found: KnownFile[] = [];
      for (const name of names) {
        const known = await look(join(folder, name), signal);
        if (known !== undefined) found.push(known);
      }
      return found;
    },
  };
}

/** A file on its way somewhere else is not worth remembering. */
const isPassing = (path: string): boolean => path.includes('/.work-');

/** By what is inside, and against our pin where we have one for that version. */
async function identify(path: string, signal: AbortSignal): Promise<KnownFile> {
  try {
    const { entry, ...told } = await recognise(path, signal);
    const sha256 = await sha256Of(path);
    const pin = CATALOGUE[entry.name].pins[told.version];
    if (pin !== undefined && pin !== sha256) {
      const refusal = `${path} is refused: it says it is ${entry.label} ${told.version}, but its sha256 is ${sha256}, not ${pin}.`;
      return { path, refusal };
    }
    return { path, name: entry.name, sha256, ...told };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AppError && error.code === 'artifact_refused') return { path, refusal: error.message };
    throw error;
  }
}

export async function sha256Of(path: string): Promise<string> {
  const sum = createHash('sha256');
  for await (const chunk of createReadStream(path)) sum.update(chunk as Buffer);
  return sum.digest('hex');
}
