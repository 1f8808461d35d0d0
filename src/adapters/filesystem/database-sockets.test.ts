import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { databaseSocketOf, holdSocket } from './database-sockets.ts';

const DIGEST = 'a1'.repeat(32);
let folder: string;
let servers: Server[];
let own: string;
let others: string;
let way: { from: string; to: string };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'panels-'));
  servers = [];
  own = join(folder, 'sto_a', 'door', 'http.sock');
  others = join(folder, 'sto_b', 'door', 'http.sock');
  for (const path of [own, others]) await mkdir(dirname(path), { recursive: true });
  way = { from: own, to: databaseSocketOf(folder, 'sto_a', DIGEST) };
  await listen(others, 'another store');
});
afterEach(async () => {
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

async function listen(path: string, says: string): Promise<void> {
  const server = createServer((_request, response) => response.end(says));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(path, resolve));
}

function hear(socketPath: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ socketPath, agent: false }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => resolve(text));
    })
      .on('error', reject)
      .end();
  });
}

test('leads to the socket that was held, whatever its owner puts in its place afterwards', async () => {
  await listen(own, 'this store');
  expect(await holdSocket(way)).toBe(true);

  await rm(own);
  await symlink(others, own);

  expect(await hear(own)).toBe('another store');
  expect(await hear(way.to)).toBe('this store');
});

test('a link to another’s socket, a file or nothing is not held, and leaves no way', async () => {
  expect(await holdSocket(way)).toBe(false);
  await symlink(others, own);
  expect(await holdSocket(way)).toBe(false);
  await rm(own);
  await writeFile(own, '');
  await chmod(own, 0o600);
  expect(await holdSocket(way)).toBe(false);

  expect(await readdir(dirname(way.to))).toEqual(['door']);
});

test('each opening has a name of its own, short enough for a socket, outside of what is the store’s', () => {
  expect(way.to).not.toBe(databaseSocketOf(folder, 'sto_a', 'b2'.repeat(32)));
  expect(dirname(way.to)).toBe(join(folder, 'sto_a'));
  expect(databaseSocketOf('/var/lib/shophosting/run/databases', 'sto_0123456789abcdef', DIGEST).length).toBeLessThan(
    107,
  );
});
