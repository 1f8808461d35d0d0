import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../../domain/errors.ts';
import { MINUTE } from '../../../lib/time.ts';
import { runCommand } from '../../process/run-command.ts';
import { placeOf, refused } from '../archive-entry.ts';
import type { CatalogueEntry, NpmSource } from '../catalogue.ts';
import { packTree } from '../pack-tree.ts';
import { walkTar } from '../tar-archive.ts';
import { type Fetched, type SourceRoom, unreachable } from './source.ts';

const PACK_TIMEOUT_MS = 5 * MINUTE;

/**
 * Takes the vendor's files out of a package of the npm registry: the package is downloaded by npm's own client (with
 * this machine's registry settings), checked by its pinned integrity and read; nothing of it is installed or run.
 */
export async function takeFromNpm(source: NpmSource, entry: CatalogueEntry, room: SourceRoom): Promise<Fetched> {
  const spec = `${source.package}@${source.version}`;
  room.onProgress(`Fetching ${spec} from the npm registry, for its ${entry.label}`);
  const tarball = await pack(spec, room);
  await checkIntegrity(tarball, spec, source.integrity);
  const from = `npm (${spec})`;
  const checkedBy = 'integrity of the npm package in our catalogue';
  const wantsTree = source.path.endsWith('/');
  const target = join(room.work, 'taken');
  let count = 0;
  for await (const member of walkTar(tarball, room.signal, true)) {
    if (wantsTree ? !member.path.startsWith(source.path) : member.path !== source.path) continue;
    const answer = placeOf(member, 'package');
    if ('reason' in answer) throw refused(spec, answer.reason);
    if (member.type !== 'file') continue;
    const place = wantsTree ? join(target, member.path.slice(source.path.length)) : target;
    await mkdir(dirname(place), { recursive: true });
    await pipeline(Readable.from(member.content()), createWriteStream(place, { flags: 'wx' }));
    count += 1;
  }
  if (count === 0) throw refused(spec, `does not hold ${source.path}`);
  if (!wantsTree) return { file: target, from, checkedBy };
  const file = join(room.work, 'packed.tar.gz');
  await packTree(target, entry.folder ?? entry.name, file);
  return { file, from, checkedBy };
}

async function pack(spec: string, room: SourceRoom): Promise<string> {
  const folder = join(room.work, 'npm');
  await mkdir(folder);
  const args = ['pack', spec, '--ignore-scripts', '--pack-destination', folder, '--loglevel', 'error'];
  await runCommand('npm', args, { signal: room.signal, timeoutMs: PACK_TIMEOUT_MS, cwd: folder }).catch(
    (error: unknown) => {
      room.signal.throwIfAborted();
      throw unreachable(`npm pack ${spec}`, error);
    },
  );
  const [name] = (await readdir(folder)).filter((file) => file.endsWith('.tgz'));
  if (name === undefined)
    throw new AppError('artifact_missing', `npm pack ${spec} brought nothing.`, { retryable: true });
  return join(folder, name);
}

async function checkIntegrity(file: string, spec: string, integrity: string): Promise<void> {
  const sum = createHash('sha512');
  for await (const chunk of createReadStream(file)) sum.update(chunk as Buffer);
  const actual = `sha512-${sum.digest('base64')}`;
  if (actual !== integrity) throw refused(spec, `has the integrity ${actual}, not ${integrity}`);
}
