import { randomBytes } from 'node:crypto';
import {
  chmod,
  copyFile,
  mkdir,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileWork } from '../../filesystem/file-error.ts';
import { runCommand } from '../../process/run-command.ts';
import { withLock } from '../exclusive-lock.ts';
import { type ReleaseContent, readReleaseContent } from './release-content.ts';

/** A complete copy of what processes run, readable by everybody and writable by root alone. */
export interface Release {
  readonly id: string;
  /** Absolute, not through `current`: it stays the same when another release becomes current. */
  readonly folder: string;
  /** `bin/node` of the release: a link to this machine's, or a copy where others may not run that one. */
  readonly node: string;
}

export interface Releases {
  /**
   * The release of the tree we run from: made when it is not there, and then `current`. The one before stays, older
   * ones go unless a process runs from them. Run from a release it makes nothing. A kill at any moment leaves either
   * the old or the new one as `current`, complete.
   */
  ensure(signal: AbortSignal): Promise<Release>;
  /** The release that `ensure` would give, without making it, and whether there is nothing left to do. */
  look(): Promise<Release & { readonly isCurrent: boolean }>;
}

const FOLDER_MODE = 0o755;
const EXECUTABLE_BY_OTHERS = 0o001;
/** Copies that a kill left half-made; only the holder of the lock has one of its own. */
const UNFINISHED = '.making-';
const NODE = 'bin/node';
const COPIES_AT_ONCE = 32;

/** Releases below `DATA_DIR/releases`, made from `packageRoot` with the Node at `node`. */
export function createReleases(parts: {
  readonly dataDir: string;
  readonly packageRoot: string;
  readonly node: string;
  readonly onProgress: (line: string) => void;
}): Releases {
  const { packageRoot, onProgress } = parts;
  const folder = join(parts.dataDir, 'releases');
  const isRelease = dirname(packageRoot) === folder;

  const describe = (id: string): Release => ({ id, folder: join(folder, id), node: join(folder, id, NODE) });

  /** Linked, so that an upgrade of the machine's Node is one of ours too; another release's own would go with it. */
  async function placeNode(path: string): Promise<void> {
    if (!parts.node.startsWith(`${folder}/`) && (await isRunnableByAll(parts.node))) return symlink(parts.node, path);
    await copyFile(parts.node, path);
    await chmod(path, 0o755);
  }

  async function make({ id, files }: ReleaseContent, signal: AbortSignal): Promise<void> {
    const startedAt = performance.now();
    const beside = join(folder, `${UNFINISHED}${randomBytes(6).toString('hex')}`);
    try {
      await mkdir(beside, { mode: FOLDER_MODE });
      for (const path of new Set(files.map((file) => dirname(file.path)))) await makeFolders(beside, path);
      for (let at = 0; at < files.length; at += COPIES_AT_ONCE) {
        signal.throwIfAborted();
        await Promise.all(
          files.slice(at, at + COPIES_AT_ONCE).map(async ({ path, isExecutable }) => {
            await copyFile(join(packageRoot, path), join(beside, path));
            await chmod(join(beside, path), isExecutable ? 0o755 : 0o644);
          }),
        );
      }
      await placeNode(join(beside, NODE));
      await chmod(beside, FOLDER_MODE);
      // Else a power cut could leave a complete folder of empty files.
      await runCommand('sync', ['--file-system', beside], { signal });
      await rename(beside, join(folder, id));
    } finally {
      await rm(beside, { recursive: true, force: true });
    }
    onProgress(`Release ${id}: ${files.length} files copied in ${Math.round(performance.now() - startedAt)} ms`);
  }

  /** `previous` takes over what `current` was. Each link is renamed into place. */
  async function makeCurrent(id: string): Promise<void> {
    const current = await linkTarget(folder, 'current');
    if (current === id) return;
    if (current !== undefined) await pointTo(folder, 'previous', current);
    await pointTo(folder, 'current', id);
  }

  return {
    async ensure(signal) {
      if (isRelease) return describe(basename(packageRoot));
      const content = await readReleaseContent(packageRoot, parts.node);
      const onWait = (): void => onProgress('Another start makes a release; waiting');
      await withLock(`releases:${parts.dataDir}`, { signal, onWait }, () =>
        fileWork('Making a release', async () => {
          await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
          await chmod(folder, FOLDER_MODE);
          if (!(await isFolder(join(folder, content.id)))) await make(content, signal);
          await makeCurrent(content.id);
          await removeOld(folder);
        }),
      );
      return describe(content.id);
    },
    async look() {
      const id = isRelease
        ? packageRoot.slice(folder.length + 1)
        : (await readReleaseContent(packageRoot, parts.node)).id;
      const isMade = await isFolder(join(folder, id));
      return { ...describe(id), isCurrent: isMade && (await linkTarget(folder, 'current')) === id };
    },
  };
}

async function makeFolders(root: string, path: string): Promise<void> {
  const folder = join(root, path);
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  // Whatever the umask said.
  for (let at = folder; at.length > root.length; at = dirname(at)) await chmod(at, FOLDER_MODE);
}

async function pointTo(folder: string, name: string, target: string): Promise<void> {
  const beside = join(folder, `.${name}-${randomBytes(6).toString('hex')}`);
  await symlink(target, beside);
  await rename(beside, join(folder, name));
}

const linkTarget = (folder: string, name: string): Promise<string | undefined> =>
  readlink(join(folder, name)).catch(() => undefined);

/** Everything but `current`, `previous`, and what a process runs from. */
async function removeOld(folder: string): Promise<void> {
  const kept = new Set([await linkTarget(folder, 'current'), await linkTarget(folder, 'previous')]);
  // The kernel tells of processes by real paths.
  const real = await realpath(folder);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || kept.has(entry.name)) continue;
    const old = join(real, entry.name);
    if (!entry.name.startsWith(UNFINISHED) && (await isInUse(old))) continue;
    await rm(old, { recursive: true, force: true });
  }
}

/** Does a process run a program of that folder, or in it? */
async function isInUse(folder: string): Promise<boolean> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const facts = await Promise.all([
      readlink(`/proc/${pid}/cwd`).catch(() => ''),
      readlink(`/proc/${pid}/exe`).catch(() => ''),
      readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    ]);
    if (facts.some((fact) => `${fact}/`.includes(`${folder}/`))) return true;
  }
  return false;
}

/** The file itself, and every folder on the way. */
async function isRunnableByAll(path: string): Promise<boolean> {
  for (let at = path; at !== '/'; at = dirname(at)) {
    if (((await stat(at)).mode & EXECUTABLE_BY_OTHERS) === 0) return false;
  }
  return true;
}

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() === true;
