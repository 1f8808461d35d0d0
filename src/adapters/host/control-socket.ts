import { once } from 'node:events';
import { chmod, chown, mkdir, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { AppError, type ErrorCode, InvalidFormError, toAppError } from '../../domain/errors.ts';
import { SECOND } from '../../lib/time.ts';

/** What goes back over the socket, one JSON object a line: any number of progress lines, then one end. */
const REPLY = z.union([
  z.object({ progress: z.string() }),
  z.object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      hint: z.string().optional(),
      fields: z.record(z.string(), z.string()).optional(),
    }),
  }),
  // Last: anything has a `done` of some kind.
  z.object({ done: z.unknown() }),
]);

export type ControlRequest = Readonly<Record<string, string>>;
export type ControlHandler = (request: ControlRequest, say: (line: string) => void) => Promise<unknown>;

/** Whoever connects asks at once; one that does not would keep its connection for ever. */
const REQUEST_WITHIN_MS = 5 * SECOND;
/** A request is a few words; nobody makes us keep more than this of a line that does not end. */
const LONGEST_REQUEST_BYTES = 64 * 1024;

export interface ControlServer {
  /** Takes no more; lets what is being answered end. Who has not asked yet is cut off. */
  close(): Promise<void>;
}

/**
 * Answers requests on a unix socket that only root may open, or the group `gid` besides. Nobody else may serve the same
 * path at that moment: a socket file that a killed process left behind is replaced.
 */
export async function serveControl(
  path: string,
  handler: ControlHandler,
  options: { readonly gid?: number; readonly requestWithinMs?: number } = {},
): Promise<ControlServer> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  await rm(path, { force: true });
  const open = new Set<Promise<void>>();
  const closing = new AbortController();
  const limits = { signal: closing.signal, withinMs: options.requestWithinMs ?? REQUEST_WITHIN_MS };
  const server = createServer((socket) => {
    const answered = answer(socket, handler, limits).finally(() => open.delete(answered));
    open.add(answered);
  });
  server.listen(path);
  await once(server, 'listening');
  if (options.gid !== undefined) await chown(path, 0, options.gid);
  await chmod(path, options.gid === undefined ? 0o600 : 0o660);
  return {
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      closing.abort(new AppError('not_allowed_now', 'The process is stopping.', { retryable: true }));
      await Promise.allSettled(open);
      await closed;
      await rm(path, { force: true });
    },
  };
}

interface RequestLimits {
  readonly signal: AbortSignal;
  readonly withinMs: number;
}

async function answer(socket: Socket, handler: ControlHandler, limits: RequestLimits): Promise<void> {
  const write = (reply: z.output<typeof REPLY>): void => {
    if (socket.writable) socket.write(`${JSON.stringify(reply)}\n`);
  };
  socket.on('error', () => undefined);
  try {
    const request = z.record(z.string(), z.string()).parse(JSON.parse(await readRequest(socket, limits)));
    write({ done: (await handler(request, (text) => write({ progress: text }))) ?? null });
  } catch (thrown) {
    const { code, message, hint } = toAppError(thrown);
    const fields = thrown instanceof InvalidFormError ? thrown.fields : undefined;
    write({ error: { code, message, hint, fields } });
  }
  // What nobody reads would otherwise stay in the kernel, and this connection with it.
  socket.end(() => socket.destroy());
}

/** The first line. Rejects when none came in time, when it is too long, when the other end or we ourselves leave. */
function readRequest(socket: Socket, { signal, withinMs }: RequestLimits): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const settle = (act: () => void): void => {
      clearTimeout(limit);
      signal.removeEventListener('abort', onAbort);
      socket.removeAllListeners('data');
      socket.off('close', onClose);
      act();
    };
    const refuse = (message: string): void => settle(() => reject(new AppError('invalid_input', message)));
    const onClose = (): void => refuse('The connection ended before it asked for anything.');
    const onAbort = (): void => settle(() => reject(signal.reason as Error));
    const limit = setTimeout(() => refuse(`Nothing was asked for within ${withinMs} ms.`), withinMs);
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end !== -1) return settle(() => resolve(text.slice(0, end)));
      if (text.length > LONGEST_REQUEST_BYTES) refuse(`A request has at most ${LONGEST_REQUEST_BYTES} bytes.`);
    });
    socket.once('close', onClose);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}

/**
 * Asks the process behind the socket. `undefined` when there is none. Throws the error it answered with, or
 * `internal_error` when it ended before it answered.
 */
export async function callControl(
  path: string,
  request: ControlRequest,
  options: { readonly signal: AbortSignal; readonly onProgress: (line: string) => void },
): Promise<{ readonly answer: unknown } | undefined> {
  const socket = connect(path);
  const stop = (): void => void socket.destroy();
  options.signal.addEventListener('abort', stop, { once: true });
  try {
    await once(socket, 'connect', { signal: options.signal });
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ECONNREFUSED'].includes(String(error.code)))
      return undefined;
    throw error;
  }
  try {
    socket.on('error', () => undefined);
    socket.write(`${JSON.stringify(request)}\n`);
    const lines = createInterface({ input: socket });
    // A socket that is destroyed never ends by itself: whoever reads its lines would wait for good.
    socket.once('close', () => lines.close());
    for await (const line of lines) {
      const reply = REPLY.parse(JSON.parse(line));
      if ('progress' in reply) options.onProgress(reply.progress);
      else if ('error' in reply) throw errorFrom(reply.error);
      else return { answer: reply.done };
    }
  } finally {
    options.signal.removeEventListener('abort', stop);
    socket.destroy();
  }
  options.signal.throwIfAborted();
  throw new AppError('internal_error', 'The platform ended before it answered.', {
    hint: 'See: shopctl status',
    retryable: true,
  });
}

function errorFrom(error: {
  code: string;
  message: string;
  hint?: string | undefined;
  fields?: Readonly<Record<string, string>> | undefined;
}): AppError {
  const { code, message, hint, fields } = error;
  if (fields !== undefined) return new InvalidFormError(fields);
  // Both ends are the same build; a code from another one still reads well.
  return new AppError(code as ErrorCode, message, hint === undefined ? {} : { hint });
}
