import Docker from 'dockerode';
import { AppError } from '../../domain/errors.ts';

/** The engine by its socket. The API version is not pinned: engines refuse old ones, and ours is 1.41 on Debian 12. */
export function createDockerClient(socketPath: string): Docker {
  return new Docker({ socketPath });
}

interface EngineError {
  readonly statusCode?: number;
  readonly code?: string;
  readonly json?: { readonly message?: string };
  readonly message?: string;
}

const UNREACHABLE = new Set(['ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EPIPE', 'EACCES']);

export const statusOf = (thrown: unknown): number | undefined => (thrown as EngineError | undefined)?.statusCode;

/** What the engine said, as one of our errors. `what` names what was tried. */
export function toEngineError(what: string, thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const error = (thrown ?? {}) as EngineError;
  const said = error.json?.message ?? error.message ?? String(thrown);
  if (error.code !== undefined && UNREACHABLE.has(error.code)) {
    return new AppError('docker_unavailable', `The Docker engine does not answer (${error.code}).`, {
      cause: thrown,
      retryable: true,
      hint: 'Start it: shopctl up',
    });
  }
  if (/port is already allocated|address already in use/i.test(said)) {
    return new AppError('port_in_use', `${what}: ${said}`, { cause: thrown, retryable: true });
  }
  if (/no space left on device/i.test(said)) {
    return new AppError('disk_full', `${what}: the disk is full.`, {
      cause: thrown,
      retryable: true,
      hint: 'Free some space, then: shopctl store retry ID',
    });
  }
  if (error.statusCode === 404 && /no such image/i.test(said)) {
    return new AppError('image_missing', `${what}: ${said}`, { cause: thrown, hint: 'Run: shopctl images prepare' });
  }
  return new AppError('command_failed', `${what}: ${said}`, { cause: thrown, retryable: true, logTail: said });
}

/** Runs a call to the engine; whatever it throws comes out as one of our errors. */
export async function engineCall<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    throw toEngineError(what, thrown);
  }
}

/** As `engineCall`, with `undefined` where the thing is not there. */
export async function ifThere<T>(what: string, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (thrown) {
    if (statusOf(thrown) === 404) return undefined;
    throw toEngineError(what, thrown);
  }
}
