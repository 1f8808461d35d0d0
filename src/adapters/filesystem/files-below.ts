import type { Stats } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { ignoring } from './ignoring.ts';

const ignoreMissing = ignoring('ENOENT');

/** Whatever is no folder, by its path below this one; a link is told, not followed. Of a folder that is not there, nothing. */
export async function filesBelow(folder: string): Promise<ReadonlyMap<string, Stats>> {
  const found = new Map<string, Stats>();
  await collect(folder, '', found);
  return found;
}

async function collect(folder: string, prefix: string, found: Map<string, Stats>): Promise<void> {
  const entries = await opendir(join(folder, prefix)).catch(ignoreMissing);
  if (entries === undefined) return;
  for await (const entry of entries) {
    const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) await collect(folder, name, found);
    else found.set(name, await lstat(join(folder, name)));
  }
}
