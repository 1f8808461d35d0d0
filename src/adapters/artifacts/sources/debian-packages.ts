import { lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { mainArchiveOf } from '../../../lib/debian-archive.ts';
import type { Apt } from '../../host/apt.ts';
import { runCommand } from '../../process/run-command.ts';
import type { CatalogueEntry, DebianSource } from '../catalogue.ts';
import { copyTreeResolved } from '../copy-tree-resolved.ts';
import { packTree } from '../pack-tree.ts';
import { type Fetched, type SourceRoom, unreachable } from './source.ts';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Puts the application's tree together from Debian's packages: downloaded and checked by apt, unpacked aside, links
 * into other packages replaced by what they point at. Nothing is installed and no package source is added.
 */
export async function takeFromDebian(
  source: DebianSource,
  entry: CatalogueEntry,
  apt: Pick<Apt, 'download' | 'debianArchives'>,
  room: SourceRoom,
): Promise<Fetched> {
  room.onProgress(`Fetching ${entry.label} from Debian ${source.suite}'s packages`);
  const stage = join(room.work, 'stage');
  await mkdir(stage);
  const files = await downloadAll(source, apt, room);
  for (const file of files) await runCommand('dpkg-deb', ['--extract', file, stage], { signal: room.signal });
  await writeBundle(stage, source);
  for (const path of source.leaveOut) await rm(join(stage, source.tree, path), { force: true });
  const tree = join(room.work, 'tree');
  await copyTreeResolved(join(stage, source.tree), tree, stage);
  const file = join(room.work, 'packed.tar.gz');
  await packTree(tree, entry.folder ?? entry.name, file);
  const version = versionOf(files, entry.name);
  return { file, from: `Debian ${source.suite} (${entry.name} ${version})`, checkedBy: "Debian's archive key" };
}

async function downloadAll(
  source: DebianSource,
  apt: Pick<Apt, 'download' | 'debianArchives'>,
  { work, signal }: SourceRoom,
): Promise<string[]> {
  try {
    const archives = await apt.debianArchives(signal);
    const uri = mainArchiveOf(archives);
    const from = { uri, suite: source.suite, component: 'main', signedBy: KEYRING };
    return await apt.download(from, source.packages, join(work, 'packages'), signal);
  } catch (error) {
    signal.throwIfAborted();
    throw unreachable(`Debian ${source.suite}`, error);
  }
}

/** On an installed system a hook makes this file from the same certificates. */
async function writeBundle(stage: string, { tree, certificateBundle }: DebianSource): Promise<void> {
  const folder = join(stage, certificateBundle.from);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.crt')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const target = join(stage, tree, certificateBundle.file);
  if (await lstat(target).catch(() => undefined)) await rm(target);
  await writeFile(target, texts.map((text) => `${text.trim()}\n`).join(''));
}

/** `…/wordpress_7.1.4+dfsg1-1_all.deb` */
function versionOf(files: readonly string[], name: string): string {
  const file = files.map((path) => basename(path)).find((candidate) => candidate.startsWith(`${name}_`));
  return decodeURIComponent(file?.split('_')[1] ?? 'unknown');
}
