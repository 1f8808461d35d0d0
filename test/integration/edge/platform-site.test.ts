import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Agent, request } from 'node:https';
import { brotliCompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { edgeFolders } from '../../../src/adapters/edge/edge-folders.ts';
import { PAGES_WITH_TOKENS } from '../../../src/domain/one-time-token.ts';
import { freePort } from '../../services/free-port.ts';
import { type EdgeBench, signal, startBench } from './edge-bench.ts';

const PAGE = `<!doctype html>${'<p>A page of ours.</p>'.repeat(200)}`;
const FACTS = JSON.stringify({ facts: 'of a store; '.repeat(200) });
const SCRIPT = brotliCompressSync('console.log("a script of ours");'.repeat(100));
const EVENT = `data: ${'something happened; '.repeat(100)}\n\n`;

let site: { readonly server: Server; readonly connections: number; endEvents(): void };
let bench: EdgeBench;
beforeAll(async () => {
  const webPort = await freePort();
  site = await startSite(webPort);
  bench = await startBench({ webPort });
  await bench.certificates.ensure('localhost', signal());
  await bench.edge.start(signal());
});
afterAll(async () => {
  await bench?.close();
  site?.server.close();
  site?.server.closeAllConnections();
});

describe('the platform’s own site', () => {
  it('has its pages compressed for whoever takes that, and for nobody else', async () => {
    const compressed = await read('/page', 'br, gzip');
    const plain = await read('/page', 'identity');

    expect(compressed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    expect(gunzipSync(compressed.body).toString()).toBe(PAGE);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.body.toString()).toBe(PAGE);
  });

  it('has what the build compressed passed on as it is', async () => {
    const { headers, body } = await read('/script', 'br, gzip');

    expect(headers['content-encoding']).toBe('br');
    expect(body.equals(SCRIPT)).toBe(true);
  });

  it('has its JSON left as it is: it may hold a secret', async () => {
    const { headers, body } = await read('/facts', 'br, gzip');

    expect(headers['content-encoding']).toBeUndefined();
    expect(body.toString()).toBe(FACTS);
  });

  it('has its events passed on while the answer still goes on', async () => {
    const { response, text } = await firstPart('/events');

    expect(text).toBe(EVENT);
    expect(response.complete).toBe(false);
    site.endEvents();
    await once(response.resume(), 'end');
  });

  it('is asked by connections that are kept', async () => {
    // One visitor's line ends at one process of nginx, and each process keeps its own.
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const before = site.connections;

    for (let times = 0; times < 10; times += 1) await read('/facts', 'identity', agent);

    expect(site.connections - before).toBeLessThanOrEqual(1);
    agent.destroy();
  });
});

describe('the address of a database that is open', () => {
  it('is in no log of the edge, however much is sent there and whatever goes wrong behind it', async () => {
    const path = (token: string) => `/stores/sto_1/database/${token}/index.php`;
    await post(path('large-and-secret'), Buffer.alloc(200_000));
    await post(path('broken-and-secret'), Buffer.alloc(10));
    await post('/elsewhere', Buffer.alloc(200_000));

    const { accessLog, errorLog } = edgeFolders(bench.dataDir);
    const logs = await Promise.all([accessLog, errorLog].map((log) => readFile(log, 'utf8')));
    expect(logs.join('\n')).not.toContain('and-secret');
    // What would be written of another address.
    expect(logs[1]).toContain('/elsewhere');
    expect(logs[0]).toContain('"path":"/stores/sto_1/database/"');
  });
});

describe('the token of a mailed link', () => {
  it.each([...PAGES_WITH_TOKENS, 'reset-password.data', 'login/second-step'])(
    'is in no log of the edge when nobody answers at /%s',
    async (page) => {
      await post(`/${page}?token=broken-and-mine`, Buffer.alloc(10));
      await post('/broken-but-open?next=a', Buffer.alloc(10));

      const { accessLog, errorLog } = edgeFolders(bench.dataDir);
      const logs = await Promise.all([accessLog, errorLog].map((log) => readFile(log, 'utf8')));
      expect(logs.join('\n')).not.toContain('and-mine');
      // What would be written of another page, and that this one was asked for.
      expect(logs[1]).toContain('/broken-but-open?next=a');
      expect(logs[0]).toContain(`"path":"/${page}"`);
    },
  );
});

/** What a web process answers, by kind. */
async function startSite(port: number) {
  let connections = 0;
  let events: ServerResponse | undefined;
  const answers: Readonly<Record<string, (response: ServerResponse) => void>> = {
    '/page': (response) => response.setHeader('content-type', 'text/html; charset=utf-8').end(PAGE),
    '/script': (response) =>
      response.setHeader('content-type', 'text/javascript').setHeader('content-encoding', 'br').end(SCRIPT),
    '/facts': (response) => response.setHeader('content-type', 'application/json').end(FACTS),
    '/events': (response) => {
      events = response;
      response.setHeader('content-type', 'text/event-stream').setHeader('x-accel-buffering', 'no').write(EVENT);
    },
  };
  const server = createServer((asked, response) => {
    if (asked.method !== 'POST') answers[asked.url ?? '']?.(response);
    else if (asked.url?.includes('broken') === true) asked.socket.destroy();
    else asked.resume().once('end', () => response.end());
  });
  server.on('connection', () => (connections += 1));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    server,
    get connections() {
      return connections;
    },
    endEvents: () => void events?.end(),
  };
}

async function ask(path: string, encodings: string, agent: Agent | false = false) {
  const { httpsPort } = bench.options;
  const asked = request({
    host: '127.0.0.1',
    port: httpsPort,
    servername: 'localhost',
    path,
    headers: { host: `localhost:${httpsPort}`, 'accept-encoding': encodings },
    rejectUnauthorized: false,
    agent,
  }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return response;
}

async function post(path: string, body: Buffer): Promise<void> {
  const { httpsPort } = bench.options;
  const asked = request({
    host: '127.0.0.1',
    port: httpsPort,
    servername: 'localhost',
    method: 'POST',
    path,
    headers: { host: `localhost:${httpsPort}`, 'content-length': body.length },
    rejectUnauthorized: false,
    agent: false,
  }).end(body);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  await once(response.resume(), 'end');
}

async function read(path: string, encodings: string, agent: Agent | false = false) {
  const response = await ask(path, encodings, agent);
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { headers: response.headers, body: Buffer.concat(chunks) };
}

/** Resolves as soon as one whole event has arrived. */
async function firstPart(path: string) {
  const response = await ask(path, 'br, gzip');
  let text = '';
  response.setEncoding('utf8');
  while (!text.endsWith('\n\n')) {
    const [chunk] = (await once(response, 'data')) as [string];
    text += chunk;
  }
  return { response, text };
}
