import { AppError } from '../../../domain/errors.ts';

/** A file that a source brought into the working folder, not yet checked by what is inside it. */
export interface Fetched {
  readonly file: string;
  /** For people and for the record: `wordpress.org`, `Debian sid (wordpress 7.1.4+dfsg1-1)`. */
  readonly from: string;
  /** Checked already, by the archive's key or by a pinned sum. */
  readonly checkedBy: string;
}

/** What a source needs of its surroundings. `work` is an empty folder that is removed afterwards. */
export interface SourceRoom {
  readonly work: string;
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

/** This source cannot serve now; the next one may. */
export function unreachable(what: string, cause: unknown): AppError {
  const said = reasonOf(cause);
  return new AppError('artifact_missing', `${what}: ${said}`, { cause, retryable: true });
}

/** Node's fetch says 'fetch failed' and keeps why for itself. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer in time';
  return error.cause instanceof Error ? error.cause.message : error.message;
}
