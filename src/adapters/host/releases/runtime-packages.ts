import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { AppError } from '../../../domain/errors.ts';

/** A package as it lies in `node_modules`, maybe in another package's own. */
export interface RuntimePackage {
  /** Below the root: `node_modules/pino`, `node_modules/pino/node_modules/thread-stream`. */
  readonly path: string;
  readonly version: string;
}

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * The packages that `names` need to run, with all that those need in turn: found as Node finds them. Types are left
 * out; an optional package that is not installed is no loss. Throws `configuration_invalid` for one that must be there.
 */
export async function runtimePackages(root: string, names: readonly string[]): Promise<RuntimePackage[]> {
  const found = new Map<string, RuntimePackage>();
  const visit = async (name: string, from: string, isOptional: boolean): Promise<void> => {
    if (name.startsWith('@types/')) return;
    const package_ = await findPackage(root, name, from);
    if (package_ === undefined) {
      if (isOptional) return;
      throw new AppError('configuration_invalid', `The package ${name} is not in ${root}/node_modules.`, {
        hint: 'Install the packages: npm ci',
      });
    }
    const path = relative(root, package_.folder);
    if (found.has(path)) return;
    const { version = '', dependencies = {}, optionalDependencies = {} } = package_.manifest;
    found.set(path, { path, version });
    for (const needed of Object.keys({ ...dependencies, ...optionalDependencies }))
      await visit(needed, package_.folder, needed in optionalDependencies);
  };
  // What a bundle leaves out may be something it only tries to load.
  for (const name of names) await visit(name, root, true);
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The nearest `node_modules` on the way up that has it. */
async function findPackage(
  root: string,
  name: string,
  from: string,
): Promise<{ folder: string; manifest: Manifest } | undefined> {
  for (let at = from; at.startsWith(root); at = dirname(at)) {
    const folder = join(at, 'node_modules', name);
    const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined);
    if (text !== undefined) return { folder, manifest: JSON.parse(text) as Manifest };
  }
  return undefined;
}
