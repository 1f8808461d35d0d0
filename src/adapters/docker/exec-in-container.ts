import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import { engineCall } from './docker-client.ts';

export interface ExecOptions {
  readonly signal: AbortSignal;
  /** Written to standard input, which is then closed. */
  readonly input?: string;
  readonly onLine?: (line: string) => void;
  /** The container's own when it is not said; nothing can be run in one that was deleted. */
  readonly workingFolder?: string;
}

export interface ExecResult {
  readonly exitCode: number;
  /** Standard output and error as they came, cut to the last 256 KiB. */
  readonly output: string;
}

const MAX_OUTPUT = 256 * 1024;

/**
 * Runs argv in a running container as its own user. On abort we stop listening and the promise rejects, but the engine
 * cannot end the process inside: commands that matter carry their own lock and time limit (`flock`, `timeout`).
 */
export async function execInContainer(
  docker: Docker,
  container: string,
  argv: readonly string[],
  options: ExecOptions,
): Promise<ExecResult> {
  const what = `${argv[0] ?? ''} in ${container}`;
  const hasInput = options.input !== undefined;
  const exec = await engineCall(what, () =>
    docker.getContainer(container).exec({
      Cmd: [...argv],
      AttachStdin: hasInput,
      AttachStdout: true,
      AttachStderr: true,
      ...(options.workingFolder === undefined ? {} : { WorkingDir: options.workingFolder }),
      abortSignal: options.signal,
    }),
  );
  const stream = await engineCall(what, () =>
    exec.start({ hijack: hasInput, stdin: hasInput, abortSignal: options.signal }),
  );
  const stop = (): void => void stream.destroy(options.signal.reason as Error);
  options.signal.addEventListener('abort', stop, { once: true });
  try {
    // As text: a character may be cut in two between chunks.
    const merged = new PassThrough().setEncoding('utf8');
    docker.modem.demuxStream(stream, merged, merged);
    stream.once('end', () => merged.end());
    stream.once('close', () => merged.end());
    stream.once('error', (error: Error) => merged.destroy(error));
    if (hasInput) stream.end(options.input);
    const output = await engineCall(what, () => collect(merged, options.onLine));
    options.signal.throwIfAborted();
    const { ExitCode } = await engineCall(what, () => exec.inspect());
    return { exitCode: ExitCode ?? -1, output };
  } finally {
    options.signal.removeEventListener('abort', stop);
  }
}

async function collect(stream: PassThrough, onLine?: (line: string) => void): Promise<string> {
  let output = '';
  let partial = '';
  for await (const chunk of stream) {
    const text = String(chunk);
    output = (output + text).slice(-MAX_OUTPUT);
    if (!onLine) continue;
    const lines = (partial + text).split('\n');
    partial = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  }
  if (onLine && partial !== '') onLine(partial);
  return output;
}
