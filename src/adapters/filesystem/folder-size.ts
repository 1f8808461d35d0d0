import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';

/** What the engine and the file system count in, whatever the disk's own blocks are (stat(2)). */
const BLOCK_BYTES = 512;

/**
 * Bytes that a folder takes on disk, links not followed. What vanishes while it is counted counts as gone. Ends early,
 * with the signal's reason, when that aborts.
 */
export async function folderSize(folder: string, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  let bytes = 0;
  const entries = await opendir(folder).catch(() => undefined);
  if (entries === undefined) return 0;
  for await (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += await folderSize(path, signal);
    const found = await lstat(path).catch(() => undefined);
    bytes += (found?.blocks ?? 0) * BLOCK_BYTES;
  }
  return bytes;
}
