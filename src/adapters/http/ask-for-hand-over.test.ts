import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { askForHandOver } from './ask-for-hand-over.ts';

const never = new AbortController().signal;
const INPUT = { title: 'Rosen & Töpfe' };
let server: Server | undefined;

afterEach(() => new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined))));

/** A shop's web server, and what it was asked. */
async function aShop(status: number, answer: string) {
  const asked: { method?: string; url?: string; key?: unknown; body?: string } = {};
  const listening = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    Object.assign(asked, { method, url, key: headers['x-shop-key'], body: '' });
    request.on('data', (chunk: Buffer) => (asked.body += chunk.toString()));
    request.on('end', () => response.writeHead(status).end(answer));
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  return { asked, page: { address: '127.0.0.1', port, path: '/hand-over', key: 'the password' } };
}

test('a shop is told its owner’s wishes, and who asks by what both know; never the secret itself', async () => {
  const { asked, page } = await aShop(200, '{"installed":true}\n');

  expect(await askForHandOver(page, INPUT, never)).toEqual({ installed: true });

  const key = createHash('sha256').update('hand over the password').digest('hex');
  expect(asked).toEqual({ method: 'POST', url: '/hand-over', key, body: JSON.stringify(INPUT) });
});

test.each([
  ['is not nobody’s', 409, ''],
  ['has no such page', 404, '<html>'],
  ['could not do it', 500, 'no'],
  ['says nothing of it', 200, '<html>'],
  ['says too much', 200, `"${'x'.repeat(100_000)}"`],
])('one that %s is left to its installer', async (_what, status, answer) => {
  const { page } = await aShop(status, answer);
  expect(await askForHandOver(page, INPUT, never)).toBeUndefined();
});

test('so is one that cannot be reached; but whoever was called off does nothing more', async () => {
  const { page } = await aShop(200, '{}');
  await new Promise((resolve) => server?.close(resolve));
  server = undefined;

  expect(await askForHandOver(page, INPUT, never)).toBeUndefined();
  await expect(askForHandOver(page, INPUT, AbortSignal.abort(new Error('called off')))).rejects.toThrow('called off');
});
