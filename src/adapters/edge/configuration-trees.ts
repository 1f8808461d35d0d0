import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { toFileError } from '../filesystem/file-error.ts';
import type { EdgeFolders } from './edge-folders.ts';
import type { Maps } from './render-maps.ts';

/** A whole configuration: every file of it, and the name that its content gives it. */
export interface ConfigurationTree {
  readonly generation: string;
  readonly files: Maps;
}

const GENERATION_LENGTH = 16;
const GENERATION = /^[0-9a-f]{16}$/;

/** Names a configuration by what is in it: the same routes and settings give the same generation. */
export function generationOf(files: Maps): string {
  const hash = createHash('sha256');
  for (const name of Object.keys(files).sort()) hash.update(`${name}\0${files[name] ?? ''}\0`);
  return hash.digest('hex').slice(0, GENERATION_LENGTH);
}

/** The generation whose tree is in place; `undefined` before the first one. */
export async function generationInPlace(folders: EdgeFolders): Promise<string | undefined> {
  const target = await readlink(folders.current).catch(ignoreMissing);
  const generation = target === undefined ? undefined : basename(target);
  return generation !== undefined && GENERATION.test(generation) ? generation : undefined;
}

/** Are the files of this tree on disk, byte for byte? A power cut may have left less than what was written. */
export async function isWhole(folders: EdgeFolders, tree: ConfigurationTree): Promise<boolean> {
  const found = await Promise.all(
    Object.entries(tree.files).map(async ([name, content]) => {
      const onDisk = await readFile(join(folders.trees, tree.generation, name), 'utf8').catch(ignoreMissing);
      return onDisk === content;
    }),
  );
  return found.every(Boolean);
}

/** Writes the tree into a folder of its own that nothing reads yet, and says where. Leaves nothing behind when it fails. */
export async function writeBeside(folders: EdgeFolders, tree: ConfigurationTree): Promise<string> {
  const folder = join(folders.trees, `.${tree.generation}-${randomBytes(4).toString('hex')}`);
  try {
    await mkdir(folder, { mode: 0o755 });
    // Not synced: what a power cut takes is noticed by `isWhole` and written again.
    for (const [name, content] of Object.entries(tree.files))
      await writeFile(join(folder, name), content, { mode: 0o644, flag: 'wx' });
    return folder;
  } catch (error) {
    await discard(folder);
    throw toFileError(`Writing the edge's configuration`, error);
  }
}

/** Puts a tree that was tested in place, in one step. Returns the generation that was there before. */
export async function putInPlace(
  folders: EdgeFolders,
  tree: ConfigurationTree,
  folder: string,
): Promise<string | undefined> {
  const before = await generationInPlace(folders);
  const final = join(folders.trees, tree.generation);
  try {
    // Nothing reads a tree that is not in place; one in place has the same bytes, or is not whole.
    await rm(final, { recursive: true, force: true });
    await rename(folder, final);
    await pointTo(folders, tree.generation);
    return before;
  } catch (error) {
    await discard(folder);
    throw toFileError(`Putting the edge's configuration in place`, error);
  }
}

/** The files of the tree in place that are called `.map`; empty when there is none. */
export async function mapsInPlace(folders: EdgeFolders): Promise<Maps> {
  const names = (await readdir(folders.current).catch(ignoreMissing)) ?? [];
  const maps = names.filter((name) => name.endsWith('.map'));
  return Object.fromEntries(
    await Promise.all(maps.map(async (name) => [name, await readFile(join(folders.current, name), 'utf8')] as const)),
  );
}

/** Makes `generation`, whose tree is still there, the one in place. */
export async function pointTo(folders: EdgeFolders, generation: string): Promise<void> {
  const link = join(folders.prefix, `.current-${randomBytes(4).toString('hex')}`);
  try {
    await symlink(join('trees', generation), link);
    await rename(link, folders.current);
  } catch (error) {
    await rm(link, { force: true });
    throw error;
  }
}

export async function discard(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** Removes every tree but those named, and what a crash left half written. Call only while no other process renders. */
export async function keepOnly(folders: EdgeFolders, generations: readonly (string | undefined)[]): Promise<void> {
  const names = await readdir(folders.trees);
  await Promise.all(
    names.filter((name) => !generations.includes(name)).map((name) => discard(join(folders.trees, name))),
  );
}

/** For `catch`: what is not there (a file, a process) is no failure; everything else is. */
export function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
    return undefined;
  throw error;
}
