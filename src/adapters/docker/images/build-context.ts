import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Pack, pack } from 'tar-stream';
import { AppError } from '../../../domain/errors.ts';

/** A file of our own tree that goes into an image: small, and in memory. */
export interface ContextFile {
  readonly path: string;
  readonly mode: number;
  readonly content: Buffer;
}

/** Something bigger that joins the context: a folder or a file, and what identifies it. */
export interface ContextExtra {
  readonly path: string;
  readonly from: string;
  readonly version: string;
  readonly sha256: string;
}

/** A change here rebuilds every image: raise it when the way images are built changes their content. */
const RECIPE = 1;
const KEY_LENGTH = 12;
const NO_TIME = new Date(0);
const READ_AT_ONCE = 32;
const COPY_LINE = /^COPY (.*)$/gm;
const SHARED = 'shared/';

/**
 * The files below `images/NAME`, sorted, with one of two modes: what the checkout's umask was does not matter. What the
 * Dockerfile copies from `shared/` joins them from `images/shared`, where files are that several images hold.
 */
export async function readContext(folder: string): Promise<ContextFile[]> {
  const files = await readFolder(folder);
  const dockerfile = files.find(({ path }) => path === 'Dockerfile')?.content.toString('utf8') ?? '';
  const wanted = new Set([...dockerfile.matchAll(COPY_LINE)].flatMap(([, words = '']) => words.split(' ')));
  if (![...wanted].some((word) => word.startsWith(SHARED))) return files;
  const shared = await readFolder(join(folder, '..', SHARED));
  const named = shared.map((file) => ({ ...file, path: SHARED + file.path })).filter(({ path }) => wanted.has(path));
  return [...files, ...named];
}

async function readFolder(folder: string): Promise<ContextFile[]> {
  const names = await readdir(folder, { recursive: true }).catch((error: unknown) => {
    throw new AppError('image_missing', `The folder ${folder} is not there.`, { cause: error });
  });
  const files: ContextFile[] = [];
  for (const path of names.sort()) {
    const facts = await lstat(join(folder, path));
    if (facts.isDirectory()) continue;
    if (!facts.isFile()) throw new AppError('internal_error', `${join(folder, path)} is no plain file.`);
    const mode = (facts.mode & 0o100) === 0 ? 0o644 : 0o755;
    files.push({ path, mode, content: await readFile(join(folder, path)) });
  }
  return files;
}

/**
 * Names what an image is made of: equal keys mean equal recipes. The base enters by its line, not by its bytes, so
 * that a fresh base does not rebuild what works.
 */
export function contextKey(
  facts: {
    readonly name: string;
    readonly base: string;
    readonly extras: readonly Omit<ContextExtra, 'from'>[];
    readonly buildArgs?: Readonly<Record<string, string>>;
  },
  files: readonly ContextFile[],
): string {
  const sum = createHash('sha256');
  const extras = facts.extras.map(({ path, version, sha256 }) => [path, version, sha256]);
  const buildArgs = Object.entries(facts.buildArgs ?? {}).sort();
  // Images that take none keep the name they had before there were any.
  sum.update(JSON.stringify([RECIPE, facts.name, facts.base, extras, ...(buildArgs.length === 0 ? [] : [buildArgs])]));
  for (const { path, mode, content } of files) {
    sum.update(JSON.stringify([path, mode, createHash('sha256').update(content).digest('hex')]));
  }
  return sum.digest('hex').slice(0, KEY_LENGTH);
}

/** The context as the engine takes it. Reading it drives the work; a failure destroys the stream. */
export function packContext(files: readonly ContextFile[], extras: readonly ContextExtra[]): Pack {
  const archive = pack();
  void (async (): Promise<void> => {
    for (const { path, mode, content } of files) await add(archive, path, mode, content);
    for (const { path, from } of extras) await addFrom(archive, path, from);
    archive.finalize();
  })().catch((error: Error) => archive.destroy(error));
  return archive;
}

/** What is unpacked may lie on another disk, and be a link here. */
async function addFrom(archive: Pack, path: string, from: string): Promise<void> {
  const facts = await stat(from);
  if (facts.isDirectory()) await addFolder(archive, path, from);
  else await add(archive, path, 0o644, await readFile(from));
}

/** Files are read side by side, since a shop has a hundred thousand small ones, and added in the order of their names. */
async function addFolder(archive: Pack, path: string, from: string): Promise<void> {
  const entries = (await readdir(from, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const files = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  for (let at = 0; at < files.length; at += READ_AT_ONCE) {
    const names = files.slice(at, at + READ_AT_ONCE);
    const contents = await Promise.all(names.map((name) => readFile(join(from, name))));
    for (const [index, content] of contents.entries()) {
      await add(archive, `${path}/${names[index] ?? ''}`, 0o644, content);
    }
  }
  for (const entry of entries.filter((candidate) => candidate.isDirectory())) {
    await addFolder(archive, `${path}/${entry.name}`, join(from, entry.name));
  }
}

/** Waits for the reader, so that a big context is never in memory whole. */
function add(archive: Pack, name: string, mode: number, content: Buffer): Promise<void> {
  return new Promise((done, failed) => {
    archive.entry({ name, mode, mtime: NO_TIME, uid: 0, gid: 0 }, content, (error) => (error ? failed(error) : done()));
  });
}
