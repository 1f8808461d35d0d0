import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listenAddresses } from '../../../src/adapters/edge/listen-addresses.ts';
import { type EdgeBench, signal, startBench, startUpstream } from './edge-bench.ts';

const HOST_72 = `${'a'.repeat(62)}.localhost`;
const HOST_253 = `${`${'b'.repeat(60)}.`.repeat(4)}cccc.test`;

let bench: EdgeBench;
let upstreams: Awaited<ReturnType<typeof startUpstream>>[];

beforeAll(async () => {
  bench = await startBench();
  upstreams = [await startUpstream('first'), await startUpstream('second')];
  const [first, second] = upstreams;
  const route = (
    hostname: string,
    port: number | undefined,
    state: 'live' | 'making' | 'failed' | 'suspended' = 'live',
  ) => ({
    hostname,
    storeId: `sto_${state}`,
    port: port ?? 1,
    state,
  });
  bench.routes = [
    route('first.localhost', first?.port),
    route('second.localhost', second?.port),
    route(HOST_72, first?.port),
    { ...route(HOST_253, second?.port), uploadMb: 512 },
    { ...route('large.localhost', first?.port), uploadMb: 128 },
    route('making.localhost', first?.port, 'making'),
    route('failed.localhost', first?.port, 'failed'),
    route('suspended.localhost', first?.port, 'suspended'),
    route('down.localhost', 1),
    { ...route('www.first.localhost', first?.port), redirectTo: 'first.localhost' },
    { ...route('www.suspended.localhost', first?.port, 'suspended'), redirectTo: 'first.localhost' },
  ];
  for (const { hostname } of bench.routes) await bench.certificates.ensure(hostname, signal());
  await bench.edge.start(signal());
});

afterAll(async () => {
  await bench?.close();
  for (const upstream of upstreams ?? []) await upstream.close();
});

const MEGABYTE = 1024 * 1024;

describe('a live store', () => {
  it('takes the largest upload that its owner chose with the form around it, and no other host takes as much', async () => {
    const declaring = async (hostname: string, megabytes: number): Promise<number> => {
      const headers = { 'content-length': String(megabytes * MEGABYTE) };
      return (await bench.get(hostname, { method: 'POST', headers })).status;
    };
    const body = Buffer.alloc(130 * MEGABYTE, 'x');
    const { status, body: seen } = await bench.get('large.localhost', { method: 'POST', body });

    expect([status, JSON.parse(seen)]).toMatchObject([200, { name: 'first' }]);
    expect(await declaring('large.localhost', 137)).toBe(413);
    expect(await declaring('first.localhost', 73)).toBe(413);
    expect(await declaring(HOST_253, 521)).toBe(413);
    expect(await declaring('localhost', 73)).toBe(413);
  });

  it('is found by its host', async () => {
    expect(JSON.parse((await bench.get('first.localhost')).body)).toMatchObject({ name: 'first' });
    expect(JSON.parse((await bench.get('second.localhost')).body)).toMatchObject({ name: 'second' });
    expect(JSON.parse((await bench.get('SECOND.localhost.')).body)).toMatchObject({ name: 'second' });
  });

  it('sends visitors of its further names on to the primary one, for good and yet forgettable, path and all', async () => {
    const { httpsPort } = bench.options;
    const answer = await bench.get('www.first.localhost', { path: '/shop/?page=2' });

    expect(answer).toMatchObject({
      status: 301,
      headers: { location: `https://first.localhost:${httpsPort}/shop/?page=2`, 'cache-control': 'no-store' },
    });
    expect(await bench.get('www.suspended.localhost')).toMatchObject({ status: 503 });
  });

  it.each([
    ['72', HOST_72, 'first'],
    ['253', HOST_253, 'second'],
  ])('may have a host of %s characters', async (length, hostname, name) => {
    const answer = await bench.get(hostname);

    expect(hostname).toHaveLength(Number(length));
    expect(JSON.parse(answer.body)).toMatchObject({ name });
    expect(answer.isTrusted).toBe(true);
  });

  it('gets the request as it was sent, and answers with a status of its own', async () => {
    const path = '/shop/../a%2fb//c?x=%20y&redirect=https://elsewhere/';
    const seen = JSON.parse((await bench.get('first.localhost', { path })).body);

    expect(seen.url).toBe(path);
    expect((await bench.get('first.localhost', { path: '/status/404' })).page).toBeUndefined();
    for (const status of [404, 500, 502, 503])
      expect((await bench.get('first.localhost', { path: `/status/${status}` })).status).toBe(status);
  });

  it('gets uploads of 64 MB with the form around them, and not more', async () => {
    const body = Buffer.alloc(72 * MEGABYTE, 1);
    const taken = await bench.get('first.localhost', { method: 'POST', body });
    const refused = await bench.get('first.localhost', {
      method: 'POST',
      headers: { 'content-length': String(body.length + 1) },
      body: Buffer.alloc(10),
    });

    expect(JSON.parse(taken.body)).toMatchObject({ size: body.length, method: 'POST' });
    expect(refused.status).toBe(413);
  });

  it('believes nothing that a client says about itself', async () => {
    const answer = await bench.get('first.localhost', {
      headers: {
        'X-Forwarded-For': '6.6.6.6',
        'X-Forwarded-Proto': 'http',
        'X-Forwarded-Host': 'evil.example',
        'X-Forwarded-Port': '1',
        'X-Real-IP': '6.6.6.6',
        'X-Edge-Look': '1',
        'X-Shop-Cron': '1',
        X_Shop_Cron: '1',
        Forwarded: 'for=6.6.6.6',
        'CF-Connecting-IP': '6.6.6.6',
        'True-Client-IP': '6.6.6.6',
        'Client-IP': '6.6.6.6',
        'X-Original-URL': '/wp-admin/',
        'X-Rewrite-URL': '/wp-admin/',
        Proxy: 'http://evil.example/',
        'X-Kept': 'yes',
      },
    });

    const { headers } = JSON.parse(answer.body);
    expect(headers).toEqual({
      host: `first.localhost:${bench.options.httpsPort}`,
      'x-real-ip': '127.0.0.1',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': `first.localhost:${bench.options.httpsPort}`,
      'x-forwarded-port': String(bench.options.httpsPort),
      connection: 'close',
      'x-kept': 'yes',
    });
  });

  it('never sees a Host other than the one it was chosen by', async () => {
    const answer = await bench.get('second.localhost', {
      path: 'https://first.localhost/',
      servername: 'first.localhost',
    });

    expect(JSON.parse(answer.body)).toMatchObject({ name: 'first', headers: { host: 'first.localhost' } });
  });

  it('cannot steer the edge with its own headers, nor pass for one of its pages', async () => {
    const answer = await bench.get('first.localhost');

    expect(JSON.parse(answer.body)).toMatchObject({ name: 'first' });
    expect(answer.headers).not.toHaveProperty('x-edge-page');
    expect(answer.headers).not.toHaveProperty('strict-transport-security');
  });

  it.each([
    '/wp-cron.php',
    '/wp-cron.php?doing_wp_cron',
    '//wp-cron.php',
    '/WP-CRON.php',
    '/x/../wp-cron.php',
    '/wp-cron.php/x',
    '/%77p-cron.php',
  ])('does not have its cron rung from outside: %s', async (path) => {
    const answer = await bench.get('first.localhost', { path });

    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain('first');
  });
});

describe('a store that is not live', () => {
  it.each([
    ['making', 'being set up', '5'],
    ['failed', 'not ready yet', '3600'],
    ['suspended', 'closed for now', '3600'],
    ['down', 'short break', '30'],
  ])('%s: shows its page, with 503 and when to come back', async (state, words, retryAfter) => {
    const answer = await bench.get(`${state}.localhost`, { path: '/any/path?x' });

    expect(answer).toMatchObject({ status: 503, page: state, isTrusted: true });
    expect(answer.headers).toMatchObject({
      'retry-after': retryAfter,
      'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8',
    });
    expect(answer.body).toContain(words);
  });

  it.each(['making', 'failed', 'suspended', 'down', 'unknown'])(
    '%s: its page asks nobody for anything',
    async (state) => {
      const { body } = await bench.get(`${state}.localhost`);

      expect(body).not.toMatch(/<script|src=|url\(|@import|https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
    },
  );

  it('answers a form that is sent to it as it answers everything', async () => {
    const answer = await bench.get('making.localhost', { method: 'POST', body: Buffer.alloc(100_000) });

    expect(answer).toMatchObject({ status: 503, page: 'making' });
  });

  it('a shop behind it is not asked', async () => {
    expect((await bench.get('suspended.localhost')).body).not.toContain('"name":"first"');
  });

  it('shows its pages to nobody who asks for them by name', async () => {
    expect((await bench.get('first.localhost', { path: '/.edge/suspended.html' })).body).not.toContain(
      'closed for now',
    );
  });
});

describe('everything else', () => {
  it.each(['unknown.localhost', 'localhost.unknown', '127.0.0.1', 'a'.repeat(300), '_', 'default'])(
    'a host that nobody has gets the page that says so: %s',
    async (hostname) => {
      const answer = await bench.get(hostname, { servername: 'unknown.localhost' });

      expect(answer).toMatchObject({ status: 404, page: 'unknown' });
      expect(answer.headers['retry-after']).toBeUndefined();
    },
  );

  it("the platform's own site says that it is away while nothing listens, and is served when something does", async () => {
    const away = await bench.get('localhost', { path: '/signup' });
    const site = await startUpstream('site');
    const second = bench.sibling({ webPort: site.port });
    await second.apply(signal());
    const there = await bench.get('localhost', { path: '/signup' });
    await bench.edge.apply(signal());
    await site.close();

    expect(away).toMatchObject({ status: 503, page: 'platform-down', isTrusted: true });
    expect(JSON.parse(there.body)).toMatchObject({ name: 'site', url: '/signup' });
  });

  it('plain http is sent to the right https port, path and query kept', async () => {
    const answer = await bench.getPlain('first.localhost', '/a%2fb?x=1');

    expect(answer.status).toBe(307);
    expect(answer.headers.location).toBe(`https://first.localhost:${bench.options.httpsPort}/a%2fb?x=1`);
    expect((await bench.getPlain('making.localhost')).status).toBe(307);
    expect((await bench.getPlain('localhost')).headers.location).toBe(`https://localhost:${bench.options.httpsPort}/`);
  });

  it.each(['evil.example', '127.0.0.1', '_', 'unknown.localhost'])(
    'plain http for %s, which is not ours, gets no answer at all',
    async (hostname) => {
      await expect(bench.getPlain(hostname)).rejects.toMatchObject({ code: 'ECONNRESET' });
    },
  );

  it.each(['/', '/wp-admin/', '/.edge/unknown.html', '/.edge/making.html', '/.well-known/security.txt', '/a%0d%0ab'])(
    'plain http for %s is a redirect, whatever state the shop is in, and never content',
    async (path) => {
      for (const hostname of ['first.localhost', 'making.localhost', 'localhost']) {
        const answer = await bench.getPlain(hostname, path);

        expect(answer.status).toBe(307);
        expect(answer.headers.location).toMatch(/^https:\/\//);
      }
    },
  );

  it.each(['', 'none', '../../../nginx.pid', '..%2f..%2f..%2fnginx.pid'])(
    'plain http for the challenge %j, which is none, finds nothing',
    async (name) => {
      const answer = await bench.getPlain('first.localhost', `/.well-known/acme-challenge/${name}`);

      expect([307, 400, 404]).toContain(answer.status);
      expect(answer.body).not.toMatch(/^\d+$/m);
    },
  );

  it('the folder for proofs of ownership is served by plain http, for any host', async () => {
    const folder = `${bench.dataDir}/edge/acme/.well-known/acme-challenge`;
    await mkdir(folder, { recursive: true });
    await writeFile(`${folder}/token`, 'proof');

    expect(await bench.getPlain('shop.example', '/.well-known/acme-challenge/token')).toMatchObject({
      status: 200,
      body: 'proof',
    });
    expect((await bench.getPlain('shop.example', '/.well-known/acme-challenge/other')).status).toBe(404);
  });

  it('it listens on [::1] beside 127.0.0.1 where there is IPv6', async () => {
    for (const address of listenAddresses('127.0.0.1'))
      expect((await bench.get('first.localhost', { address: address.replaceAll(/[[\]]/g, '') })).status).toBe(200);
  });

  it('one line of JSON per request is logged, with the store and without the query', async () => {
    await bench.get('first.localhost', {
      path: '/reset?key=SECRET',
      headers: { referer: 'https://x/?key=SECRET', 'user-agent': 'say "hi" \\ \u00fc' },
    });

    const log = () => readFile(`${bench.dataDir}/logs/edge-access.log`, 'utf8');
    // nginx writes the line when the answer is out.
    await expect.poll(log, { timeout: 10_000 }).toContain('"path":"/reset"');
    const lines = (await log()).trimEnd().split('\n');
    const last = lines.map((line) => JSON.parse(line)).findLast((line) => line.path === '/reset');
    expect(last).toMatchObject({
      host: 'first.localhost',
      store: 'sto_live',
      state: 'live',
      status: 200,
      method: 'GET',
    });
    expect(lines.join('\n')).not.toContain('SECRET');
  });
});
