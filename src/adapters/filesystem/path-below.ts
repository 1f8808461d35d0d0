import { lstat } from 'node:fs/promises';
import { isAbsolute, join, normalize, relative } from 'node:path';
import { AppError } from '../../domain/errors.ts';

/** `root/relativePath`, proven to lie below the root and to go through no symlink on the way. Throws otherwise. */
export async function pathBelow(root: string, relativePath: string): Promise<string> {
  const path = normalize(join(root, relativePath));
  const inside = relative(root, path);
  if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) throw outside(root, relativePath);
  let walked = root;
  for (const part of inside.split('/').slice(0, -1)) {
    walked = join(walked, part);
    const facts = await lstat(walked).catch(() => undefined);
    if (facts?.isSymbolicLink()) throw outside(root, relativePath);
  }
  return path;
}

function outside(root: string, relativePath: string): AppError {
  return new AppError('internal_error', `${relativePath} is not a path below ${root}.`);
}
