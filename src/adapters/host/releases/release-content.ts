import { createHash } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../domain/errors.ts';
import { type RuntimePackage, runtimePackages } from './runtime-packages.ts';

/** A file of a release, by its path below the root. */
export interface ReleaseFile {
  readonly path: string;
  readonly isExecutable: boolean;
}

export interface ReleaseContent {
  /** Names what is in it: the same content has the same id, wherever and whenever it is made. */
  readonly id: string;
  readonly files: readonly ReleaseFile[];
}

/** What processes and the operator need to run, whole folders and single files. A folder that is not there is left out. */
const PARTS = ['build', 'stacks', 'images', 'deploy', 'package.json', 'LICENSE'];
/** The launcher without what installs packages and builds: a release has its packages and is built. */
const LAUNCHER = ['bin/shopctl', 'bin/launch.mjs', 'bin/root.mjs', 'bin/package.json'];
/** For people who develop; no program reads them. */
const LEFT_OUT = /\.(?:map|d\.[cm]?ts|markdown|md|flow)$/;
const PACKAGE_LIST = 'build/packages.json';
const ID_LENGTH = 16;

/** Looks at a tree that is built: which files a release of it has beside `node`, and its id. Throws when it is not built. */
export async function readReleaseContent(root: string, node: string): Promise<ReleaseContent> {
  const packages = await runtimePackages(root, await namesOfPackages(root));
  const files: ReleaseFile[] = [];
  for (const path of [...PARTS, ...LAUNCHER]) files.push(...(await filesBelow(root, path)));
  const own = files.sort((a, b) => (a.path < b.path ? -1 : 1));
  const id = await idOf(root, own, packages, `${node} ${process.version}`);
  for (const { path } of packages) files.push(...(await filesBelow(root, path)));
  return { id, files };
}

async function namesOfPackages(root: string): Promise<string[]> {
  try {
    return z.array(z.string()).parse(JSON.parse(await readFile(join(root, PACKAGE_LIST), 'utf8')));
  } catch (error) {
    throw new AppError('configuration_invalid', `${root} is not built.`, {
      cause: error,
      hint: 'Start it by bin/shopctl, which builds what is missing.',
    });
  }
}

/** Plain files only; a package's own node_modules hold other packages. */
async function filesBelow(root: string, path: string): Promise<ReleaseFile[]> {
  const facts = await lstat(join(root, path)).catch(() => undefined);
  if (facts?.isFile() === true) return LEFT_OUT.test(path) ? [] : [{ path, isExecutable: (facts.mode & 0o100) !== 0 }];
  if (facts?.isDirectory() !== true) return [];
  const names = (await readdir(join(root, path))).filter((name) => name !== 'node_modules' && !name.startsWith('.'));
  return (await Promise.all(names.map((name) => filesBelow(root, `${path}/${name}`)))).flat();
}

/** Our own files by their bytes, packages by their versions, which the lockfile pins. */
async function idOf(
  root: string,
  files: readonly ReleaseFile[],
  packages: readonly RuntimePackage[],
  node: string,
): Promise<string> {
  const hash = createHash('sha256').update(node);
  for (const { path } of files) hash.update(`\n${path}\n`).update(await readFile(join(root, path)));
  for (const { path, version } of packages) hash.update(`\n${path} ${version}`);
  return hash.digest('hex').slice(0, ID_LENGTH);
}
