import { copyFile, stat, truncate } from 'node:fs/promises';
import { LOG_LIMITS, shiftLogs } from './rotating-log.ts';

/**
 * Rotates a log that another program holds open, once it is full. `reopen` tells that program to open the file anew
 * (nginx: SIGUSR1); without it the file is copied and cut, for programs that only append (dockerd). Returns whether it
 * was time. A log that is not there is no failure.
 */
export async function rotateForeignLog(path: string, reopen?: () => void, limits = LOG_LIMITS): Promise<boolean> {
  const size = await stat(path).then(
    (facts) => facts.size,
    () => 0,
  );
  if (size <= limits.maxBytes) return false;
  if (reopen === undefined) {
    shiftLogs(path, limits.keep, 1);
    await copyFile(path, `${path}.1`);
    await truncate(path);
    return true;
  }
  shiftLogs(path, limits.keep);
  reopen();
  return true;
}
