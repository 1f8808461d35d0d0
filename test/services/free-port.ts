import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below what the kernel gives to connections that leave (32768 and up, `ip_local_port_range`), and below the ports
 * of whole platforms under test: a port asked for by `listen(0)` may be somebody's outgoing one a moment later.
 */
const FIRST = 10_000;
const END = 15_000;
const TRIES = 50;
/** Test files run side by side in processes of their own, which cannot tell each other what they were given. */
const SLICES = 8;
const SLICE = Number(process.env['VITEST_POOL_ID'] ?? 0) % SLICES;
const given = new Set<number>();

/** A TCP port on loopback on which nobody listens just now, and which this process is given only once. */
export async function freePort(): Promise<number> {
  for (let turn = 0; turn < TRIES; turn++) {
    const port = FIRST + SLICES * randomInt((END - FIRST) / SLICES) + SLICE;
    if (given.has(port) || !(await canListen(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error(`No free port between ${FIRST} and ${END} in ${TRIES} tries.`);
}

async function canListen(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return false;
  }
  await new Promise((resolve) => server.close(resolve));
  return true;
}
