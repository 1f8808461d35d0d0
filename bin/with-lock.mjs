import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { ROOT } from './root.mjs';

/**
 * Runs `action` while no other launch of this tree does. The lock is a socket in Linux' abstract namespace: it is gone
 * when its owner is, however that ended, and leaves no file. Who has to wait runs `action` afterwards too.
 */
export async function withLock(name, action) {
  const path = `\0shophosting-${name}-${createHash('sha256').update(ROOT).digest('hex').slice(0, 16)}`;
  for (;;) {
    const server = await listen(path);
    if (server === undefined) {
      await untilReleased(path);
      continue;
    }
    try {
      return await action();
    } finally {
      server.close();
      for (const waiter of server.waiters) waiter.destroy();
    }
  }
}

async function listen(path) {
  const server = createServer((socket) => {
    server.waiters.add(socket);
    socket.on('error', () => undefined);
  });
  server.waiters = new Set();
  server.listen(path);
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    if (error.code === 'EADDRINUSE') return undefined;
    throw error;
  }
}

async function untilReleased(path) {
  const socket = connect(path);
  socket.resume();
  socket.on('error', () => undefined);
  // Not `once`: that would throw when the owner let go before we were connected.
  await new Promise((resolve) => socket.once('close', resolve));
}
