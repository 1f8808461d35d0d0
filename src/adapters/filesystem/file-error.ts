import { AppError } from '../../domain/errors.ts';

/** What the file system refused, as one of our errors with the cure. */
export function toFileError(what: string, thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const { code, message, path } = (thrown ?? {}) as NodeJS.ErrnoException;
  const place = path ?? what;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError('disk_full', `${what}: the disk is full.`, {
      cause: thrown,
      retryable: true,
      hint: 'Free some space; what waits is tried again.',
    });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new AppError('permission_denied', `${what}: no right to write ${place}.`, {
      cause: thrown,
      retryable: true,
      hint: 'Run: shopctl doctor',
    });
  }
  return new AppError('internal_error', `${what}: ${message ?? String(thrown)}`, { cause: thrown, retryable: true });
}

/** Runs file work; whatever it throws comes out as one of our errors. */
export async function fileWork<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw toFileError(what, thrown);
  }
}
