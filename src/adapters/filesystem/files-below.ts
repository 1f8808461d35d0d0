import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ignoring } from './ignoring.ts';

const ignoreMissing = ignoring('ENOENT');

/**
 * Whatever is no folder, by its path below this one; a link is told, not followed. Of a folder that is not there, nothing.
 * A folder's entries are looked at side by side, one folder after the other: somebody waits for it, and no folder of a shop
 * holds so many that it would matter.
 */
export async function filesBelow(folder: string): Promise<ReadonlyMap<string, Stats>> {
  const found = new Map<string, Stats>();
  await collect(folder, '', found);
  return found;
}

async function collect(folder: string, prefix: string, found: Map<string, Stats>): Promise<void> {
  const entries = (await readdir(join(folder, prefix), { withFileTypes: true }).catch(ignoreMissing)) ?? [];
  const pathOf = ({ name }: Dirent): string => (prefix === '' ? name : `${prefix}/${name}`);
  const files = entries.filter((entry) => !entry.isDirectory()).map(pathOf);
  const looks = await Promise.all(files.map(async (path) => [path, await lstat(join(folder, path))] as const));
  for (const [path, stats] of looks) found.set(path, stats);
  for (const entry of entries) if (entry.isDirectory()) await collect(folder, pathOf(entry), found);
}
