import type Docker from 'dockerode';
import { pause } from '../../lib/deadline.ts';
import { SECOND } from '../../lib/time.ts';
import { ifThere } from './docker-client.ts';
import { type ExecResult, execInContainer } from './exec-in-container.ts';

const LOOK_EVERY_MS = 2 * SECOND;
/** One program inside may take this long; `timeout` ends it, since the engine cannot. */
const LOOK_WITHIN_S = 5;
const ENGINE_WITHIN_MS = 2 * LOOK_WITHIN_S * SECOND;
/** More than this is not read of a file at one look: the end of it is shown. */
const READ_AT_MOST_BYTES = 256 * 1024;
/** A line that does not end is shown in pieces. */
const LINE_AT_MOST = 64 * 1024;
const FILE_TYPE_MASK = 0xf000;
const REGULAR_FILE = 0x8000;

export interface ShopLogFile {
  readonly name: string;
  /** Inside the container, absolute. */
  readonly path: string;
}

type OnLine = (name: string, line: string) => void;

interface Stat {
  readonly size: number;
  readonly inode: string;
}

/** How far a file was shown, and what of its last line is there so far. */
interface Position {
  readonly inode: string;
  readonly offset: number;
  readonly unfinished: string;
}

type RunInside = (...argv: readonly string[]) => Promise<ExecResult>;

/**
 * Calls `onLine` for the last lines of files inside a container, and with `follow` for each that is added, until the
 * container ends or the signal aborts. A file or a container that is not there has no lines.
 *
 * The files are a tenant's: they are read inside, as the container's own user, so that a link leads nowhere its maker
 * could not go; only regular ones, a piece at a time. When this resolves, nothing of it runs inside any more.
 */
export async function readShopLogFiles(
  docker: Docker,
  container: string,
  files: readonly ShopLogFile[],
  options: { readonly tail: number; readonly follow: boolean; readonly signal: AbortSignal },
  onLine: OnLine,
): Promise<void> {
  const positions = new Map<string, Position>();
  const run: RunInside = (...argv) =>
    execInContainer(docker, container, ['timeout', String(LOOK_WITHIN_S), ...argv], {
      // Not the follower's signal: what was begun inside comes to its end before this resolves.
      signal: AbortSignal.timeout(ENGINE_WITHIN_MS),
    });
  while (!options.signal.aborted && (await isRunning(docker, container))) {
    const stats = await readStats(run, files);
    for (const { name, path } of files) {
      const stat = stats.get(path);
      if (stat === undefined) continue;
      const before = positions.get(path);
      const { lines, unfinished } = await readOn(run, path, stat, before);
      const isShown = unfinished !== '' && (!options.follow || unfinished.length > LINE_AT_MOST);
      const shown = isShown ? [...lines, unfinished] : lines;
      for (const line of before === undefined ? shown.slice(-options.tail) : shown) onLine(name, line);
      positions.set(path, { inode: stat.inode, offset: stat.size, unfinished: isShown ? '' : unfinished });
    }
    if (!options.follow) return;
    await pause(LOOK_EVERY_MS, options.signal).catch(() => undefined);
  }
}

/** What a file got since then: from its beginning when it was begun anew, and never more than the last piece of it. */
async function readOn(
  run: RunInside,
  path: string,
  stat: Stat,
  before: Position | undefined,
): Promise<{ lines: string[]; unfinished: string }> {
  const isSame = before !== undefined && before.inode === stat.inode && before.offset <= stat.size;
  const next = isSame ? before.offset : 0;
  const from = Math.max(next, stat.size - READ_AT_MOST_BYTES);
  const text = from < stat.size ? await readPiece(run, path, from, stat.size) : '';
  // What is left out ends in the middle of a line.
  const isCut = from > next;
  const lines = isCut ? text.split('\n').slice(1) : `${isSame ? before.unfinished : ''}${text}`.split('\n');
  const unfinished = lines.pop() ?? '';
  return { lines, unfinished };
}

async function readPiece(run: RunInside, path: string, from: number, until: number): Promise<string> {
  const range = ['iflag=skip_bytes,count_bytes,fullblock', `skip=${from}`, `count=${until - from}`];
  const { exitCode, output } = await run('dd', `if=${path}`, 'bs=64K', ...range, 'status=none');
  return exitCode === 0 ? output : '';
}

/** Those that are regular files, links followed. The format: type and mode in hexadecimal, size, inode, path. */
async function readStats(run: RunInside, files: readonly ShopLogFile[]): Promise<ReadonlyMap<string, Stat>> {
  const paths = files.map(({ path }) => path);
  const { output } = await run('stat', '--dereference', '--format=%f %s %i %n', ...paths);
  const found = new Map<string, Stat>();
  for (const line of output.split('\n')) {
    // What it complains about, a missing file mostly, does not look like this.
    const [, mode = '', size = '', inode = '', path = ''] = /^([0-9a-f]+) (\d+) (\d+) (\/.*)$/.exec(line) ?? [];
    const isRegular = (Number.parseInt(mode, 16) & FILE_TYPE_MASK) === REGULAR_FILE;
    if (isRegular) found.set(path, { size: Number(size), inode });
  }
  return found;
}

async function isRunning(docker: Docker, container: string): Promise<boolean> {
  const found = await ifThere(`state of ${container}`, () => docker.getContainer(container).inspect());
  return found !== undefined && found.State.Running && !found.State.Paused;
}
