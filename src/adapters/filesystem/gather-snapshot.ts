import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { GoldenFacts } from '../../domain/golden-snapshot.ts';
import { MINUTE } from '../../lib/time.ts';
import { runCommand } from '../process/run-command.ts';
import { filesBelow } from './files-below.ts';
import { ignoring } from './ignoring.ts';

/** Which of a store's data folders are copied. */
export interface GoldenLayout {
  readonly folders: readonly string[];
  /** What a copy must not share with another, relative to the data folder; a name may end in `*` or begin with it. */
  readonly identity: readonly string[];
}

export const Manifest = z.object({
  platform: z.string(),
  images: z.record(z.string(), z.string()),
  versions: z.record(z.string(), z.string()),
  madeAt: z.iso.datetime(),
  /** Path below `data` → size, time of change in ms, SHA-256. */
  files: z.record(z.string(), z.tuple([z.number(), z.number(), z.string()])),
});
export type Manifest = z.infer<typeof Manifest>;

const ROOT = 0;
const ROOT_MODE = 0o700;
const COPY_TIMEOUT_MS = 2 * MINUTE;

/**
 * Puts a snapshot together in the empty folder `work`: the data folders of a shop that is stopped, root's, without what no
 * two may share, and what each file was like. All of it is on the disk afterwards.
 */
export async function gatherSnapshot(
  data: string,
  work: string,
  { platform, images, versions }: GoldenFacts,
  { folders, identity }: GoldenLayout,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(join(work, 'data'), { recursive: true, mode: ROOT_MODE });
  for (const folder of folders) await copyTree(join(data, folder), join(work, 'data', folder), signal);
  await own(work, ROOT, signal);
  for (const pattern of identity) await removeMatching(join(work, 'data'), pattern);
  const files: Manifest['files'] = {};
  for (const [name, { size, mtimeMs }] of await filesBelow(join(work, 'data'))) {
    signal.throwIfAborted();
    files[name] = [size, Math.floor(mtimeMs), await digestOf(join(work, 'data', name))];
  }
  const manifest: Manifest = { platform, images, versions, madeAt: new Date().toISOString(), files };
  await writeFile(join(work, 'golden.json'), JSON.stringify(manifest), { mode: 0o600 });
  await writeOut(work, signal);
}

/** Holes stay holes; on a file system that can, blocks are shared until somebody writes. */
export async function copyTree(from: string, to: string, signal: AbortSignal): Promise<void> {
  const options = ['--archive', '--no-target-directory', '--sparse=always', '--reflink=auto'];
  await runCommand('cp', [...options, '--', from, to], { signal, timeoutMs: COPY_TIMEOUT_MS });
}

export async function own(folder: string, uid: number, signal: AbortSignal): Promise<void> {
  const args = ['--recursive', '--no-dereference', '--', `${uid}:${uid}`, folder];
  await runCommand('chown', args, { signal, timeoutMs: COPY_TIMEOUT_MS });
}

/** Whatever was written is on the disk afterwards. */
export async function writeOut(folder: string, signal: AbortSignal): Promise<void> {
  await runCommand('sync', ['--file-system', folder], { signal, timeoutMs: COPY_TIMEOUT_MS });
}

export async function removeMatching(data: string, pattern: string): Promise<void> {
  const parts = pattern.split('/');
  const name = parts.pop() ?? '';
  const folder = join(data, ...parts);
  const fits = (entry: string): boolean =>
    name.startsWith('*')
      ? entry.endsWith(name.slice(1))
      : name.endsWith('*')
        ? entry.startsWith(name.slice(0, -1))
        : entry === name;
  for (const entry of (await readdir(folder).catch(ignoring('ENOENT'))) ?? []) {
    if (fits(entry)) await rm(join(folder, entry), { recursive: true, force: true });
  }
}

export async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
