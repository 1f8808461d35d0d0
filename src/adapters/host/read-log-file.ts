import { watch } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pause } from '../../lib/deadline.ts';

export interface LogFileOptions {
  /** Nothing older. Lines that do not tell their time are always shown. */
  readonly since?: Date;
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

type OnLine = (line: string, at: string | null) => void;

/** File events may get lost (network file systems): look again at least that often. */
const LOOK_AGAIN_MS = 1000;
const CHUNK = 64 * 1024;

/**
 * Calls `onLine` for each line of a log and of what was rotated away from it, oldest first. With `follow` goes on, over
 * rotations, until the signal aborts. A log that is not there has no lines.
 */
export async function readLogFile(path: string, options: LogFileOptions, onLine: OnLine): Promise<void> {
  const emit = (line: string): void => {
    if (line === '') return;
    const at = timeOf(line);
    if (options.since !== undefined && at !== null && new Date(at) < options.since) return;
    onLine(line, at);
  };
  for (const rotated of await rotatedFiles(path)) await readFrom(rotated, { position: 0, rest: '' }, emit);
  let place = await readFrom(path, { position: 0, rest: '' }, emit);
  if (!options.follow) {
    if (place.rest !== '') emit(place.rest);
    return;
  }
  const changes = watchFolder(dirname(path), options.signal);
  while (!options.signal.aborted) {
    await changes.next();
    // Rotated meanwhile: its last lines are in the file that it became.
    if ((await statOf(path))?.ino !== place.inode && place.inode !== undefined) {
      await readFrom(`${path}.1`, place, emit);
      place = await readFrom(path, { position: 0, rest: '' }, emit);
    } else {
      place = await readFrom(path, place, emit);
    }
  }
}

export interface ReadOn {
  /** A place that is none counts as the beginning. */
  readonly after: string | undefined;
  /** No more than these last bytes are read, from the beginning of a line on, however much there is since `after`. */
  readonly bytesAtMost: number;
  readonly signal: AbortSignal;
}

/**
 * Calls `onLine` for the whole lines that a log got since `after`, also those that were rotated away from it, and returns
 * how far that was. When the signal aborts it stops where it is.
 */
export async function readLogFileOn(
  path: string,
  { after, bytesAtMost, signal }: ReadOn,
  onLine: (line: string, place: string) => void,
): Promise<string> {
  const [, inode, position] = /^(\d{1,20}):(\d{1,15})$/.exec(after ?? '') ?? [];
  const files = [...(await rotatedFiles(path)), path];
  const found = await Promise.all(files.map(statOf));
  // A file that has been rotated away altogether: what is there came after it.
  const first = inode === undefined ? -1 : found.findLastIndex((facts) => facts?.ino === Number(inode));
  const sizes = found.map((facts) => facts?.size ?? 0);
  let place: Place = { position: 0, rest: '' };
  for (const [index, file] of files.entries()) {
    if (signal.aborted) break;
    const newer = sizes.slice(index + 1).reduce((sum, size) => sum + size, 0);
    const cutAt = Math.max(0, newer + (sizes[index] ?? 0) - bytesAtMost);
    if (index < first || newer >= bytesAtMost) continue;
    const begin = index === first ? Number(position) : 0;
    let isWhole = begin >= cutAt;
    place = await readFrom(
      file,
      // One byte earlier: where a line begins just there, the end before it is what is passed over.
      { position: isWhole ? begin : cutAt - 1, rest: '' },
      (line, read) => {
        if (isWhole && line !== '') onLine(line, `${read.inode}:${read.position}`);
        isWhole = true;
      },
      signal,
    );
  }
  return place.inode === undefined ? (after ?? '') : `${place.inode}:${place.position - Buffer.byteLength(place.rest)}`;
}

interface Place {
  readonly position: number;
  /** The beginning of a line whose end is not written yet. */
  readonly rest: string;
  readonly inode?: number;
}

async function readFrom(
  path: string,
  from: Place,
  emit: (line: string, until: { readonly inode: number; readonly position: number }) => void,
  signal?: AbortSignal,
): Promise<Place> {
  const file = await openIfThere(path);
  if (file === undefined) return from;
  try {
    const { ino, size } = await file.stat();
    // Cut short by somebody: begin again.
    let { position, rest } = size < from.position ? { position: 0, rest: '' } : from;
    // Where the line that comes next begins, in bytes.
    let lineAt = position - Buffer.byteLength(rest);
    const buffer = Buffer.alloc(CHUNK);
    const decoder = new TextDecoder();
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK, position);
      if (bytesRead === 0 || signal?.aborted === true) return { position, rest, inode: ino };
      position += bytesRead;
      const lines = (rest + decoder.decode(buffer.subarray(0, bytesRead), { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        lineAt += Buffer.byteLength(line) + 1;
        emit(line, { inode: ino, position: lineAt });
      }
    }
  } finally {
    await file.close();
  }
}

async function rotatedFiles(path: string): Promise<string[]> {
  const name = `${basename(path)}.`;
  const ages = (await readdir(dirname(path)).catch(() => []))
    .filter((entry) => entry.startsWith(name) && /^\d+$/.test(entry.slice(name.length)))
    .map((entry) => Number(entry.slice(name.length)));
  return ages.sort((a, b) => b - a).map((age) => join(dirname(path), `${name}${age}`));
}

/** ISO, where the line is JSON of ours (`time`) or nginx's JSON (`time` too). */
function timeOf(line: string): string | null {
  const text = /"time":\s?"([^"]+)"/.exec(line)?.[1];
  if (text === undefined || Number.isNaN(Date.parse(text))) return null;
  return new Date(text).toISOString();
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

const statOf = (path: string): Promise<{ ino: number; size: number } | undefined> => stat(path).catch(() => undefined);

function watchFolder(folder: string, signal: AbortSignal): { next(): Promise<void> } {
  let wake = (): void => undefined;
  let isChanged = false;
  try {
    watch(folder, { signal, persistent: false }, () => {
      isChanged = true;
      wake();
    }).on('error', () => undefined);
  } catch {
    // No folder yet: the pauses below find it.
  }
  return {
    async next() {
      if (!isChanged) {
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        await Promise.race([woken, pause(LOOK_AGAIN_MS, signal).catch(() => undefined)]);
      }
      isChanged = false;
    },
  };
}
