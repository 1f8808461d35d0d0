import type Docker from 'dockerode';
import { SECOND } from '../../lib/time.ts';
import { ifThere } from './docker-client.ts';
import { type ExecResult, execInContainer } from './exec-in-container.ts';

/** One program inside may take this long; `timeout` ends it, since the engine cannot. */
const LOOK_WITHIN_S = 5;
const ENGINE_WITHIN_MS = 2 * LOOK_WITHIN_S * SECOND;
/** More than this is not read of a file at one look: the end of it is shown. */
const READ_AT_MOST_BYTES = 256 * 1024;
/** A line that does not end is shown in pieces. */
const LINE_AT_MOST_BYTES = 64 * 1024;
const FILE_TYPE_MASK = 0xf000;
const REGULAR_FILE = 0x8000;

interface Stat {
  readonly size: number;
  readonly inode: string;
}

type RunInside = (...argv: readonly string[]) => Promise<ExecResult>;

/**
 * Calls `onLine` for the whole lines that a file inside a container got since `after`, or for the last of all of them,
 * and returns how far that was. A file or a container that is not there has no lines.
 *
 * The file is a tenant's: it is read inside, as the container's own user, so that a link leads nowhere its maker could
 * not go; only a regular one, and no more than a piece. When this resolves, nothing of it runs inside any more.
 */
export async function readShopLogFile(
  docker: Docker,
  container: string,
  path: string,
  after: string | undefined,
  onLine: (line: string) => void,
): Promise<string> {
  const begin = after ?? '';
  if (!(await isRunning(docker, container))) return begin;
  const run: RunInside = (...argv) =>
    execInContainer(docker, container, ['timeout', String(LOOK_WITHIN_S), ...argv], {
      // Not the reader's signal: what was begun inside comes to its end before this resolves.
      signal: AbortSignal.timeout(ENGINE_WITHIN_MS),
    });
  const stat = await readStat(run, path);
  if (stat === undefined) return begin;
  const shown = placeFrom(after);
  const isSame = shown?.inode === stat.inode && shown.offset <= stat.size;
  const next = isSame ? shown.offset : 0;
  const from = Math.max(next, stat.size - READ_AT_MOST_BYTES);
  if (from === stat.size) return `${stat.inode}:${from}`;
  const lines = (await readPiece(run, path, from, stat.size)).split('\n');
  let unfinished = lines.pop() ?? '';
  // What is left out ends in the middle of a line.
  if (from > next) lines.shift();
  if (Buffer.byteLength(unfinished) > LINE_AT_MOST_BYTES) {
    lines.push(unfinished);
    unfinished = '';
  }
  for (const line of lines) onLine(line);
  return `${stat.inode}:${stat.size - Buffer.byteLength(unfinished)}`;
}

/** A place that the browser has sent back; what is none of ours counts as the beginning. */
function placeFrom(text: string | undefined): { inode: string; offset: number } | undefined {
  const [, inode, offset] = /^(\d{1,20}):(\d{1,15})$/.exec(text ?? '') ?? [];
  return inode === undefined ? undefined : { inode, offset: Number(offset) };
}

async function readPiece(run: RunInside, path: string, from: number, until: number): Promise<string> {
  const range = ['iflag=skip_bytes,count_bytes,fullblock', `skip=${from}`, `count=${until - from}`];
  const { exitCode, output } = await run('dd', `if=${path}`, 'bs=64K', ...range, 'status=none');
  return exitCode === 0 ? output : '';
}

/** Of a regular file, links followed. The format: type and mode in hexadecimal, size, inode. */
async function readStat(run: RunInside, path: string): Promise<Stat | undefined> {
  const { output } = await run('stat', '--dereference', '--format=%f %s %i', path);
  // What it complains about, a missing file mostly, does not look like this.
  const [, mode = '', size = '', inode = ''] = /^([0-9a-f]+) (\d+) (\d+)$/m.exec(output) ?? [];
  const isRegular = (Number.parseInt(mode, 16) & FILE_TYPE_MASK) === REGULAR_FILE;
  return isRegular ? { size: Number(size), inode } : undefined;
}

async function isRunning(docker: Docker, container: string): Promise<boolean> {
  const found = await ifThere(`state of ${container}`, () => docker.getContainer(container).inspect());
  return found !== undefined && found.State.Running && !found.State.Paused;
}
