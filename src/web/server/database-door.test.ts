import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ANN, ANNS_STORE, fakeWeb } from '../../../test/fakes/fake-web.ts';

const INSIDE = `/stores/${ANNS_STORE}/database/the-token/`;
let folder: string;
let panel: Server;
const seen: { url: string; method: string; body: string; headers: IncomingHttpHeaders }[] = [];

/** As phpMyAdmin would be if it were taken over. */
beforeEach(async () => {
  seen.length = 0;
  folder = await mkdtemp(join(tmpdir(), 'database-door-'));
  panel = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ url: request.url ?? '', method: request.method ?? '', body, headers: request.headers });
      response.writeHead(request.url === '/' ? 302 : 200, {
        'content-type': 'text/html',
        'set-cookie': '__Host-session=planted; Path=/; Secure',
        'content-security-policy': "default-src * 'unsafe-inline'",
        'access-control-allow-origin': '*',
        'access-control-allow-credentials': 'true',
        'clear-site-data': '"cookies"',
        location: 'https://evil.test/away.php?x=1',
      });
      response.end('<script>alert(document.cookie)</script>');
    });
  });
  await new Promise<void>((resolve) => panel.listen(join(folder, 'http.sock'), resolve));
});
afterEach(async () => {
  panel.closeAllConnections();
  await new Promise((resolve) => panel.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

function ask(path: string, init: RequestInit = {}) {
  const web = fakeWeb();
  Object.assign(web.services.access, {
    databaseDoor: async (storeId: string, token: string) =>
      storeId === ANNS_STORE && token === 'the-token' ? join(folder, 'http.sock') : undefined,
  });
  return web.ask(path, init);
}

test('what is behind it gets no cookie, sets none, and cannot open what the door has closed', async () => {
  const answer = await ask(`${INSIDE}index.php?route=/sql`, {
    method: 'POST',
    body: 'sql=SELECT 1',
    headers: {
      cookie: `__Host-session=${ANN.token}`,
      origin: 'null',
      'content-type': 'text/plain',
      authorization: 'x',
    },
  });

  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('alert');
  expect(seen).toMatchObject([{ url: '/index.php?route=/sql', method: 'POST', body: 'sql=SELECT 1' }]);
  expect(Object.keys(seen[0]?.headers ?? {})).not.toEqual(expect.arrayContaining(['cookie']));
  expect(seen[0]?.headers['authorization']).toBeUndefined();
  const { headers } = answer;
  expect([headers.get('set-cookie'), headers.get('clear-site-data')]).toEqual([null, null]);
  expect(headers.get('access-control-allow-credentials')).toBeNull();
  expect(headers.get('access-control-allow-origin')).toBe('null');
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(/^sandbox allow-scripts allow-forms/);
  expect(policy).not.toMatch(/allow-same-origin|allow-top-navigation|allow-popups|\*/);
  expect(headers.get('x-frame-options')).toBe('DENY');
});

test('it leads nowhere but behind the door', async () => {
  const answer = await ask(INSIDE);
  expect([answer.status, answer.headers.get('location')]).toEqual([302, `${INSIDE}away.php?x=1`]);
});

test.each([
  [`/stores/${ANNS_STORE}/database/another/index.php`, 404],
  ['/stores/sto_other/database/the-token/index.php', 404],
])('%s leads nowhere, also for who is signed in', async (path, status) => {
  const answer = await ask(path, { headers: { cookie: `__Host-session=${ANN.token}` } });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-security-policy')).toMatch(/^sandbox /);
  expect(seen).toEqual([]);
});

test('a way that climbs out of the door does not reach it', async () => {
  for (const path of ['../../../../dashboard', '..%2f..%2fdashboard', '%2e%2e/%2e%2e/x']) {
    await ask(`${INSIDE}${path}`);
  }
  expect(seen.every(({ url }) => url.startsWith('/') && !url.startsWith('/dashboard'))).toBe(true);
});

test('nobody listening any more is told as closed', async () => {
  panel.closeAllConnections();
  await new Promise((resolve) => panel.close(resolve));
  expect((await ask(`${INSIDE}index.php`)).status).toBe(502);
  panel.listen(join(folder, 'http.sock'));
});

describe('a panel that is taken over', () => {
  /** Answers whatever it is asked with these bytes, once its request has come in whole. */
  async function saying(bytes: string): Promise<Server> {
    panel.closeAllConnections();
    await new Promise((resolve) => panel.close(resolve));
    const hostile = createServer();
    hostile.on('connection', (socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(bytes));
    });
    await new Promise<void>((resolve) => hostile.listen(join(folder, 'http.sock'), resolve));
    panel = hostile;
    return hostile;
  }

  test.each([
    ['a way that is none', 'HTTP/1.1 302 Found\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n'],
    ['a status without a body', 'HTTP/1.1 304 Not Modified\r\n\r\n'],
    ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n'],
    ['no HTTP at all', 'hello\r\n\r\n'],
  ])('gets %s told as a failure, sealed as everything of it is', async (_, bytes) => {
    await saying(bytes);
    const answer = await ask(`${INSIDE}index.php`);

    expect(answer.status).toBe(502);
    expect(answer.headers.get('content-security-policy')).toMatch(/^sandbox /);
    expect(answer.headers.get('location')).toBeNull();
  });
});

test('a look that promises a body is answered without one', async () => {
  const answer = await ask(`${INSIDE}index.php`, { headers: { 'content-length': '20' } });

  expect(answer.status).toBe(200);
  expect(seen).toMatchObject([{ url: '/index.php', body: '' }]);
  expect(seen[0]?.headers['content-length']).toBeUndefined();
});

test('what fails on our side is sealed too, and says nothing of it', async () => {
  const web = fakeWeb();
  Object.assign(web.services.access, { databaseDoor: () => Promise.reject(new Error('the database is away')) });
  const answer = await web.ask(`${INSIDE}index.php`);

  expect(answer.status).toBe(502);
  expect(answer.headers.get('content-security-policy')).toMatch(/^sandbox /);
  expect(await answer.text()).not.toContain('away');
});
