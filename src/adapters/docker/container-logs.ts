import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { engineCall, ifThere } from './docker-client.ts';

export interface LogOptions {
  /** `undefined`: all of them. */
  readonly tail: number | undefined;
  readonly follow: boolean;
  /** Seconds since the epoch; nothing older is shown. */
  readonly sinceS?: number;
  readonly signal: AbortSignal;
}

type OnLine = (line: string, at: string) => void;

/** A line that does not end is shown in pieces. */
const LINE_AT_MOST = 64 * 1024;
const HEADER_BYTES = 8;

/**
 * Calls `onLine` for each line a container has written, with the engine's time, oldest first; with `follow` until the
 * container ends or the signal aborts. A container that is not there has no lines. Holds one line at a time, however
 * much there is.
 */
export async function readContainerLogs(
  docker: Docker,
  container: string,
  options: LogOptions,
  onLine: OnLine,
): Promise<void> {
  const what = `logs of ${container}`;
  const stream = await ifThere(what, () => dial(docker, container, options));
  if (stream === undefined) return;
  const stop = (): void => void stream.destroy();
  options.signal.addEventListener('abort', stop, { once: true });
  try {
    await engineCall(what, () => readLines(stream, onLine));
  } catch (thrown) {
    if (!options.signal.aborted) throw thrown;
  } finally {
    options.signal.removeEventListener('abort', stop);
    stream.destroy();
  }
}

/** As a stream also when nothing is followed: dockerode's own call would hold all of it in memory. */
function dial(docker: Docker, container: string, { tail, follow, sinceS = 0 }: LogOptions): Promise<Readable> {
  const path = `/containers/${encodeURIComponent(container)}/logs?`;
  const options = { stdout: true, stderr: true, timestamps: true, follow, tail: tail ?? 'all', since: sinceS };
  const statusCodes = { 200: true, 404: 'no such container', 500: 'server error' };
  return new Promise((resolve, reject) =>
    docker.modem.dial({ path, method: 'GET', isStream: true, options, statusCodes }, (error, result) =>
      error === null ? resolve(result as Readable) : reject(error),
    ),
  );
}

async function readLines(stream: Readable, onLine: OnLine): Promise<void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const frame of framesOf(stream)) {
    const lines = (text + decoder.decode(frame, { stream: true })).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) emit(line, onLine);
    if (text.length > LINE_AT_MOST) {
      emit(text, onLine);
      text = '';
    }
  }
  if (text !== '') emit(text, onLine);
}

function emit(text: string, onLine: OnLine): void {
  const space = text.indexOf(' ');
  onLine(text.slice(space + 1), text.slice(0, space));
}

/** The engine frames each chunk with eight bytes, the length in the last four (API: attach, 'Stream format'). */
async function* framesOf(stream: Readable): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    let at = 0;
    while (at + HEADER_BYTES <= rest.length) {
      const end = at + HEADER_BYTES + rest.readUInt32BE(at + 4);
      if (end > rest.length) break;
      yield rest.subarray(at + HEADER_BYTES, end);
      at = end;
    }
    rest = rest.subarray(at);
  }
}

/** The same frames, of what is held already. */
export function withoutFrameHeaders(bytes: Buffer): string {
  const parts: string[] = [];
  for (let at = 0; at + HEADER_BYTES <= bytes.length; ) {
    const length = bytes.readUInt32BE(at + 4);
    parts.push(bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length).toString('utf8'));
    at += HEADER_BYTES + length;
  }
  return parts.join('');
}
