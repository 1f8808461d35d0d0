import type Docker from 'dockerode';
import { AppError } from '../../../domain/errors.ts';

/** One line of what the engine says while it pulls or builds. */
export interface EngineLine {
  readonly stream?: string;
  readonly status?: string;
  readonly error?: string;
  readonly aux?: { readonly ID?: string };
}

const TAIL_LINES = 40;

/**
 * Follows an engine's answer to its end. Throws `command_failed` with the last lines when the engine says that it
 * failed, and the signal's reason when that comes first; the connection is closed then, which ends the work there.
 */
export async function followEngine(
  docker: Docker,
  what: string,
  stream: NodeJS.ReadableStream,
  options: { readonly signal: AbortSignal; readonly onLine: (line: EngineLine) => void },
): Promise<void> {
  const tail: string[] = [];
  const { signal } = options;
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      if ('destroy' in stream && typeof stream.destroy === 'function') stream.destroy();
      reject(signal.reason as Error);
    };
  });
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  let failure: string | undefined;
  const ended = new Promise<void>((resolve, reject) => {
    const onEnd = (error: Error | null): void => {
      if (error) reject(error);
      // Having answered 200, the engine can say only in a line that it failed.
      else if (failure !== undefined) reject(new Error(failure));
      else resolve();
    };
    docker.modem.followProgress(stream, onEnd, (line: EngineLine) => {
      failure ??= line.error;
      const text = (line.stream ?? line.error ?? line.status ?? '').trimEnd();
      if (text !== '') tail.push(text);
      if (tail.length > TAIL_LINES) tail.shift();
      options.onLine(line);
    });
  });
  try {
    await Promise.race([ended, aborted]);
  } catch (error) {
    signal.throwIfAborted();
    const said = error instanceof Error ? error.message : String(error);
    throw new AppError('command_failed', `${what}: ${said.trim()}`, {
      cause: error,
      retryable: true,
      logTail: tail.join('\n'),
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
