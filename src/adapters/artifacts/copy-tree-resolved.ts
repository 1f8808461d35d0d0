import { copyFile, lstat, mkdir, readdir, readlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { refused } from './archive-entry.ts';

const MAX_LINKS = 16;

/**
 * Copies a tree with every link replaced by what it points at, as it would be on a system whose root is `root`. Throws
 * `artifact_refused` for a link that leads out of `root`, into nothing, or in a circle.
 */
export async function copyTreeResolved(from: string, to: string, root: string): Promise<void> {
  const source = await follow(from, root);
  const facts = await lstat(source);
  if (facts.isDirectory()) {
    await mkdir(to, { recursive: true });
    for (const name of await readdir(source)) await copyTreeResolved(join(source, name), join(to, name), root);
  } else if (facts.isFile()) {
    await copyFile(source, to);
  } else {
    throw refused(relative(root, from), 'is neither a file nor a folder');
  }
}

/** The real place of a path below `root`, every link on the way read as if `root` were `/`. */
async function follow(path: string, root: string): Promise<string> {
  let here = root;
  let rest = partsOf(path, root);
  for (let links = 0; rest.length > 0; ) {
    const [part = '', ...others] = rest;
    const next = join(here, part);
    const facts = await lstat(next).catch((error: unknown) => {
      throw refused(relative(root, path), `leads to ${relative(root, next)}, which is not there`, error);
    });
    if (!facts.isSymbolicLink()) {
      here = next;
      rest = others;
      continue;
    }
    links += 1;
    if (links > MAX_LINKS) throw refused(relative(root, path), 'leads in a circle');
    const target = await readlink(next);
    const absolute = target.startsWith('/') ? join(root, target) : resolve(dirname(next), target);
    rest = [...partsOf(absolute, root), ...others];
    here = root;
  }
  return here;
}

function partsOf(path: string, root: string): string[] {
  const inside = relative(root, path);
  if (inside.startsWith('..')) throw refused(inside, 'leads outside');
  return inside.split('/').filter((part) => part !== '');
}
