import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Held until `release`, or until this process ends, however it ends. */
export interface ExclusiveLock {
  release(): void;
}

/**
 * A lock of this machine by name: a socket in Linux' abstract namespace (unix(7)), so there is no file that a killed
 * owner could leave behind. Returns nothing when somebody else holds it.
 */
export async function tryLock(name: string): Promise<ExclusiveLock | undefined> {
  const waiters = new Set<Socket>();
  const server = createServer((socket) => {
    waiters.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => waiters.delete(socket));
  });
  if (!(await isListening(server, pathOf(name)))) return undefined;
  server.unref();
  return {
    release() {
      server.close();
      for (const waiter of waiters) waiter.destroy();
    },
  };
}

/** Runs `action` while nobody else holds the lock; waits for it as long as the signal allows. `onWait` is called once. */
export async function withLock<T>(
  name: string,
  options: { readonly signal: AbortSignal; readonly onWait: () => void },
  action: () => Promise<T>,
): Promise<T> {
  let isFirstTry = true;
  for (;;) {
    options.signal.throwIfAborted();
    const lock = await tryLock(name);
    if (lock !== undefined) return action().finally(() => lock.release());
    if (isFirstTry) options.onWait();
    isFirstTry = false;
    await untilReleased(pathOf(name), options.signal);
  }
}

/** Abstract names are 107 bytes at most; folders may be longer. */
const pathOf = (name: string): string =>
  `\0shophosting-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;

async function isListening(server: Server, path: string): Promise<boolean> {
  server.listen(path);
  try {
    await once(server, 'listening');
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false;
    throw error;
  }
}

/** The owner accepts and says nothing; our connection closes when it lets go or dies. */
async function untilReleased(path: string, signal: AbortSignal): Promise<void> {
  const socket = connect(path);
  socket.resume();
  socket.on('error', () => undefined);
  const stop = (): void => void socket.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await new Promise<void>((resolve) => socket.once('close', () => resolve()));
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
}
