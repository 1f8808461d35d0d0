import { createInterface } from 'node:readline';
import { PassThrough, type Readable } from 'node:stream';
import type Docker from 'dockerode';
import { engineCall, ifThere } from './docker-client.ts';

export interface LogOptions {
  readonly tail: number;
  readonly follow: boolean;
  /** Seconds since the epoch; nothing older is shown. */
  readonly sinceS?: number;
  readonly signal: AbortSignal;
}

type OnLine = (line: string, at: string) => void;

/**
 * Calls `onLine` for each line a container has written, with the engine's time, oldest first; with `follow` until the
 * container ends or the signal aborts. A container that is not there has no lines.
 */
export async function readContainerLogs(
  docker: Docker,
  container: string,
  options: LogOptions,
  onLine: OnLine,
): Promise<void> {
  const what = `logs of ${container}`;
  const handle = docker.getContainer(container);
  if ((await ifThere(what, () => handle.inspect())) === undefined) return;
  const wanted = { stdout: true, stderr: true, timestamps: true, tail: options.tail, since: options.sinceS ?? 0 };
  if (!options.follow) {
    const bytes = await engineCall(what, () => handle.logs({ ...wanted, follow: false }));
    for (const text of withoutFrameHeaders(bytes).split('\n')) if (text !== '') emit(text, onLine);
    return;
  }
  const stream = (await engineCall(what, () => handle.logs({ ...wanted, follow: true }))) as Readable;
  const merged = new PassThrough();
  const end = (): void => void merged.end();
  docker.modem.demuxStream(stream, merged, merged);
  stream.once('end', end).once('close', end).once('error', end);
  const stop = (): void => void stream.destroy();
  options.signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const text of createInterface({ input: merged })) emit(text, onLine);
  } finally {
    options.signal.removeEventListener('abort', stop);
  }
}

function emit(text: string, onLine: OnLine): void {
  const space = text.indexOf(' ');
  onLine(text.slice(space + 1), text.slice(0, space));
}

/** The engine frames each chunk with eight bytes, the length in the last four (API: attach, 'Stream format'). */
export function withoutFrameHeaders(bytes: Buffer): string {
  const parts: string[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at + 4);
    parts.push(bytes.subarray(at + 8, at + 8 + length).toString('utf8'));
    at += 8 + length;
  }
  return parts.join('');
}
