import { createServer, type Server } from 'node:net';
import type { ContainerInspectInfo } from 'dockerode';
import { afterEach, describe, expect, it } from 'vitest';
import { MINUTE } from '../../lib/time.ts';
import { type Door, doorOf, opensWithin } from './knock.ts';

const LOOPBACK = '127.0.0.1';
const never = new AbortController().signal;
const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

function listen(port = 0): Promise<Door> {
  const server = createServer((socket) => socket.destroy());
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(port, LOOPBACK, () => resolve({ host: LOOPBACK, port: (server.address() as { port: number }).port }));
  });
}

/** Where nobody listens any more. */
async function aShutDoor(): Promise<Door> {
  const door = await listen();
  await new Promise((resolve) => servers.pop()?.close(resolve));
  return door;
}

describe('a door', () => {
  const inspected = (exposed: object | undefined, addresses: Record<string, string>): ContainerInspectInfo =>
    ({
      Config: { ExposedPorts: exposed },
      NetworkSettings: {
        Networks: Object.fromEntries(Object.entries(addresses).map(([name, IPAddress]) => [name, { IPAddress }])),
      },
    }) as unknown as ContainerInspectInfo;

  it('is the port that the image exposes, at the address that the container has', () => {
    expect(doorOf(inspected({ '53/udp': {}, '3306/tcp': {} }, { front: '', back: '10.0.0.3' }))).toEqual({
      host: '10.0.0.3',
      port: 3306,
    });
  });

  it.each([
    ['exposes nothing', inspected(undefined, { back: '10.0.0.3' })],
    ['does not run, or has no network', inspected({ '3306/tcp': {} }, { back: '' })],
  ])('has none that %s', (_what, container) => expect(doorOf(container)).toBeUndefined());

  it('is found open as soon as somebody listens, and not before', async () => {
    const door = await aShutDoor();
    expect(await opensWithin(door, 0, never)).toBe(false);

    const opens = opensWithin(door, MINUTE, never);
    await listen(door.port);

    expect(await opens).toBe(true);
  });

  it('is knocked at no longer when nobody waits for it', async () => {
    const gone = new AbortController();
    const opens = opensWithin(await aShutDoor(), MINUTE, gone.signal);
    gone.abort(new Error('called off'));

    await expect(opens).rejects.toThrow('called off');
  });
});
