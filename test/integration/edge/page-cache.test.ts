import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { type ClientHttp2Session, connect } from 'node:http2';
import { Agent, request as requestSecure } from 'node:https';
import { type AddressInfo, createServer as createRawServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Route } from '../../../src/adapters/edge/edge.ts';
import { createKeptPages } from '../../../src/adapters/edge/kept-pages.ts';
import { createPageSignals } from '../../../src/adapters/filesystem/page-signals.ts';
import { pause } from '../../../src/lib/deadline.ts';
import { MINUTE, SECOND } from '../../../src/lib/time.ts';
import { createPageChangeFollower } from '../../../src/monitoring/follow-page-changes.ts';
import { type Ask, type EdgeBench, signal, startBench } from './edge-bench.ts';

type Answering = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A shop as the edge sees one; what it answers is the test's. */
interface Shop {
  readonly port: number;
  readonly seen: IncomingMessage[];
  answer: Answering;
  close(): Promise<void>;
}

const page: Answering = (request, response, count) => {
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end(`page ${count} of ${request.url}`);
};

async function startShop(): Promise<Shop> {
  const server = createServer((request, response) => {
    shop.seen.push(request);
    shop.answer(request, response, shop.seen.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const shop: Shop = {
    port: (server.address() as AddressInfo).port,
    seen: [],
    answer: page,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return shop;
}

let bench: EdgeBench;
let rose: Shop;
let iris: Shop;
let pages: ReturnType<typeof createKeptPages>;

const ROUTES = (): Route[] => [
  { hostname: 'rose.localhost', storeId: 'sto_rose', port: rose.port, state: 'live', pageLifetime: '10m' },
  { hostname: 'iris.localhost', storeId: 'sto_iris', port: iris.port, state: 'live', pageLifetime: '1m' },
  { hostname: 'bare.localhost', storeId: 'sto_bare', port: rose.port, state: 'live' },
];

beforeAll(async () => {
  bench = await startBench();
  [rose, iris] = await Promise.all([startShop(), startShop()]);
  pages = createKeptPages(bench.options);
  bench.routes = ROUTES();
  await bench.edge.start(signal());
});

afterAll(async () => {
  await bench?.close();
  await Promise.all([rose?.close(), iris?.close()]);
});

beforeEach(async () => {
  for (const shop of [rose, iris]) {
    shop.answer = page;
    shop.seen.length = 0;
  }
  await Promise.all(['sto_rose', 'sto_iris'].map((id) => pages.empty(id)));
});

const ask = async (path = '/', headers: Ask['headers'] = {}, hostname = 'rose.localhost', method = 'GET') => {
  const answer = await bench.get(hostname, { path, headers, method });
  return { ...answer, cache: answer.headers['x-cache'] };
};

/** As `ask`, by a connection that is kept: ten thousand handshakes would be most of the work. */
function askBy(agent: Agent, hostname: string, path: string, cookie: string) {
  const { httpsPort: port } = bench.options;
  const headers = { host: `${hostname}:${port}`, ...(cookie === '' ? {} : { cookie }) };
  return new Promise<{ body: string; headers: IncomingHttpHeaders }>((resolve, reject) => {
    requestSecure({ agent, host: '127.0.0.1', port, servername: hostname, path, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ body, headers: response.headers }));
      response.on('error', reject);
    })
      .on('error', reject)
      .end();
  });
}

/** As of a shop that has just been woken, with a plugin or two too many. */
const SLOW_PAGE_MS = 3.5 * SECOND;
const UNCHECKED = { rejectUnauthorized: false };

/** One of many at once through one connection of HTTP/2. */
async function askAt(door: ClientHttp2Session, shop: string, path: string): Promise<string> {
  const stream = door.request({ ':path': path, ':authority': `${shop}.localhost:${bench.options.httpsPort}` });
  return await text(stream);
}

describe('a page for everybody', () => {
  it('is made once and shown again, also to who asks for its head alone, and browsers ask anew', async () => {
    const first = await ask('/shop/');
    const second = await ask('/shop/');
    const head = await ask('/shop/', {}, 'rose.localhost', 'HEAD');

    expect([first.cache, second.cache, head.cache]).toEqual(['MISS', 'HIT', 'HIT']);
    expect([first.body, second.body, head.body]).toEqual(['page 1 of /shop/', 'page 1 of /shop/', '']);
    expect(second.headers['cache-control']).toBe('no-cache');
    expect(rose.seen).toHaveLength(1);
  });

  it('is made without anything that tells who asked, but the address', async () => {
    const { httpsPort } = bench.options;
    await ask('/shop/?utm_source=mail&gclid=x%20y', {
      cookie: '_ga=GA1.1.7; _gid=8',
      'user-agent': 'Somebody/1.0',
      'accept-language': 'de',
      accept: 'text/html',
      referer: 'https://elsewhere.example/',
      'x-forwarded-host': 'evil.example',
      'x-secret': '1',
      'if-none-match': '"x"',
    });

    expect(rose.seen[0]?.url).toBe('/shop/');
    expect(rose.seen[0]?.headers).toEqual({
      host: `rose.localhost:${httpsPort}`,
      'x-real-ip': '127.0.0.1',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': `rose.localhost:${httpsPort}`,
      'x-forwarded-port': String(httpsPort),
      accept: 'text/html,*/*;q=0.8',
      'accept-encoding': 'identity',
      'x-shop-page': 'whole',
      'user-agent': 'Mozilla/5.0 (page cache)',
      connection: 'close',
    });
  });

  it('is one of its own for each store, host, kind of device, page of a list, currency and language', async () => {
    const phone = { 'user-agent': 'Mozilla/5.0 (Linux; Android 14) Mobile' };
    const wishes: Parameters<typeof ask>[] = [
      ['/'],
      ['/', phone],
      ['/', {}, 'iris.localhost'],
      ['/?paged=2'],
      ['/?paged=3'],
      ['/', { cookie: 'wmc_current_currency=USD' }],
      ['/', { cookie: '_ga=1; wmc_current_currency=EUR; _gid=2' }],
      ['/', { cookie: 'pll_language=de' }],
      ['/', { host: 'rose.localhost' }],
    ];
    for (const wish of wishes) expect((await ask(...wish)).cache).toBe('MISS');
    for (const wish of wishes) expect((await ask(...wish)).cache).toBe('HIT');

    expect(rose.seen.map(({ headers }) => headers.cookie).filter(Boolean)).toEqual([
      'wmc_current_currency=USD',
      'wmc_current_currency=EUR',
      'pll_language=de',
    ]);
    expect((await ask('/?utm_source=a&paged=2&fbclid=b')).cache).toBe('HIT');
    expect((await ask('/?fbclid=b')).cache).toBe('HIT');
    expect((await ask('/?')).cache).toBe('HIT');
  });

  it('is kept packed for who can unpack it, and plain for who cannot', async () => {
    const words = 'roses '.repeat(500);
    rose.answer = ({ headers }, response) => {
      response.setHeader('content-type', 'text/html');
      if (headers['accept-encoding'] === 'gzip') response.setHeader('content-encoding', 'gzip');
      response.end(headers['accept-encoding'] === 'gzip' ? gzipSync(words) : words);
    };
    const packing = ['gzip, br', 'GZIP', 'br;q=1, gzip;q=0.8', 'deflate,gzip'];
    const plain = ['', 'identity', 'br', 'gzip;q=0', 'gzip;q=0.0, br', 'xgzip'];
    for (const encoding of [...packing, ...plain]) {
      const { headers, body } = await ask('/long/', { 'accept-encoding': encoding });
      expect([encoding, headers['content-encoding'], body.length === words.length]).toEqual(
        packing.includes(encoding) ? [encoding, 'gzip', false] : [encoding, undefined, true],
      );
    }

    expect(rose.seen).toHaveLength(2);
  });

  it('comes from the shop once when five hundred ask for it at the same moment', async () => {
    const held: (() => void)[] = [];
    rose.answer = (request, response, count) => held.push(() => page(request, response, count));
    const doors = Array.from({ length: 5 }, () => connect(`https://127.0.0.1:${bench.options.httpsPort}`, UNCHECKED));
    const answers = doors.flatMap((door) => Array.from({ length: 100 }, () => askAt(door, 'rose', '/stampede/')));
    // Whoever comes after them through the same door is answered: by then they all wait.
    await Promise.all(doors.map((door) => askAt(door, 'iris', '/style.css')));
    expect(rose.seen).toHaveLength(1);
    for (const release of held) release();
    const bodies = await Promise.all(answers);
    for (const door of doors) door.close();

    expect(new Set(bodies)).toEqual(new Set(['page 1 of /stampede/']));
    expect(rose.seen).toHaveLength(1);
  });

  it('comes from the shop once however long it takes: longer than anybody waited before', async () => {
    rose.answer = (request, response, count) =>
      void pause(SLOW_PAGE_MS, signal()).then(() => page(request, response, count));
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask('/slow/')));

    expect(new Set(answers.map(({ body }) => body))).toEqual(new Set(['page 1 of /slow/']));
    expect(rose.seen).toHaveLength(1);
  });

  it('is made once for the platform that looks as a visitor, and for browsers that come meanwhile; the shop itself is asked by any other look', async () => {
    const look = (as: 'platform' | 'visitor') =>
      bench.edge.probe('rose.localhost', { expectState: 'live', certificate: 'any', as }, signal());
    let release = (): void => undefined;
    rose.answer = (request, response, count) => (release = () => page(request, response, count));
    const looked = look('visitor');
    await expect.poll(() => rose.seen.length).toBe(1);
    const browsers = Promise.all([1, 2, 3].map(() => ask('/', { 'accept-encoding': 'gzip' })));
    release();
    expect(await looked).toEqual({ state: 'live', status: 200 });
    expect((await browsers).map(({ body }) => body)).toEqual(['page 1 of /', 'page 1 of /', 'page 1 of /']);
    expect(rose.seen).toHaveLength(1);

    rose.answer = page;
    await look('platform');
    expect(rose.seen).toHaveLength(2);
  });

  it('is shown once more when its time is over, while the shop makes the next one', async () => {
    rose.answer = (request, response, count) => {
      response.setHeader('cache-control', 'max-age=1, stale-while-revalidate=60');
      page(request, response, count);
    };
    await ask('/shop/');
    let shown = await ask('/shop/');
    await expect.poll(async () => (shown = await ask('/shop/')).cache, { timeout: 10_000 }).not.toBe('HIT');

    expect([shown.cache, shown.body]).toEqual(['STALE', 'page 1 of /shop/']);
    await expect.poll(async () => (await ask('/shop/')).body, { timeout: 10_000 }).toBe('page 2 of /shop/');
  });

  it.each<[string, number, Record<string, string>]>([
    ['is closed for now', 503, {}],
    ['sends visitors to its door', 302, { location: '/wp-login.php' }],
    ['makes it for one person from now on', 200, { 'cache-control': 'private' }],
  ])('is shown no more once its time is over and the shop %s', async (_what, status, headers) => {
    rose.answer = (request, response, count) => {
      response.setHeader('cache-control', 'max-age=1');
      page(request, response, count);
    };
    await ask('/shop/');
    rose.answer = (_request, response, count) => {
      response.writeHead(status, { 'content-type': 'text/html', 'content-length': 6, ...headers });
      response.end(`now ${count}`.padEnd(6));
    };
    await expect.poll(async () => (await ask('/shop/')).status, { timeout: 10_000 }).toBe(status);
    await expect.poll(async () => (await ask('/shop/')).body, { timeout: 10_000 }).toContain('now');

    const answers = [await ask('/shop/'), await ask('/shop/')];
    expect(answers.map(({ body }) => body.slice(0, 3))).toEqual(['now', 'now']);
  });

  it('is shown no more soon after its time is over and the shop says that one for nobody is of no use any more', async () => {
    rose.answer = (request, response, count) => {
      response.setHeader('cache-control', 'max-age=1, stale-while-revalidate=1');
      page(request, response, count);
    };
    await ask('/shop/');
    rose.answer = ({ headers }, response) =>
      void response.writeHead(headers['x-shop-page'] === 'whole' ? 470 : 200).end('for one');
    await expect.poll(async () => (await ask('/shop/')).body, { timeout: 10_000 }).toBe('for one');

    expect(await ask('/shop/')).toMatchObject({ status: 200, cache: 'BYPASS', body: 'for one' });
  });

  it('says nothing to browsers of how long the hosting may show it while it is renewed', async () => {
    rose.answer = (request, response, count) => {
      response.setHeader('cache-control', 'stale-while-revalidate=60');
      page(request, response, count);
    };
    const answers = [await ask('/shop/'), await ask('/shop/')];
    expect(answers.map(({ cache, headers }) => [cache, headers['cache-control']])).toEqual([
      ['MISS', 'no-cache'],
      ['HIT', 'no-cache'],
    ]);
  });

  it('is kept under one name of its shop, however it is written', async () => {
    const { httpsPort } = bench.options;
    await ask('/shop/');
    const asked = [`ROSE.localhost:${httpsPort}`, 'rose.localhost:1', 'rose.localhost'].map((host) =>
      ask('/shop/', { host }),
    );
    expect((await Promise.all(asked)).map(({ cache }) => cache)).toEqual(['BYPASS', 'BYPASS', 'MISS']);
  });

  it('that a shop cannot make now is told to all who wait for it, not to one after the other', async () => {
    rose.answer = (_request, response) => void response.writeHead(502).end('Bad Gateway');
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask('/shop/')));

    expect(new Set(answers.map(({ status, page: shown }) => `${status} ${shown}`))).toEqual(new Set(['503 down']));
    expect(rose.seen.length).toBeLessThan(answers.length);
  });

  it('is shown while the shop is silent, and not once the epoch is another', async () => {
    await ask('/shop/');
    rose.answer = (request) => request.socket.destroy();

    expect((await ask('/shop/')).cache).toBe('HIT');
    expect((await ask('/other/')).page).toBe('down');
    await pages.empty('sto_rose');
    expect((await ask('/shop/')).page).toBe('down');
  });
});

describe('the shop itself is asked', () => {
  it.each<[string, string, Ask['headers'], string?]>([
    ['with a cart', '/', { cookie: 'woocommerce_items_in_cart=1; woocommerce_cart_hash=abc' }],
    ['with a session', '/', { cookie: 'wp_woocommerce_session_0123=t_1||2||3' }],
    ['signed in', '/', { cookie: 'wordpress_logged_in_0123=owner|1|2' }],
    ['with the password of a page', '/', { cookie: 'wp-postpass_0123=x' }],
    ['having commented', '/', { cookie: 'comment_author_0123=Ann' }],
    ['with a session of PHP', '/', { cookie: '_ga=1; PHPSESSID=x' }],
    ['with a cookie that nobody knows', '/', { cookie: 'wishlist=7; _ga=1' }],
    ['with two currencies', '/', { cookie: 'wmc_current_currency=USD; wmc_current_currency=EUR' }],
    ['with a currency that is none', '/', { cookie: 'wmc_current_currency=<script>' }],
    ['with a password', '/', { authorization: 'Basic eDp5' }],
    ['by a script', '/', { 'x-requested-with': 'XMLHttpRequest' }],
    ['by a script of another site', '/', { origin: 'https://elsewhere.example' }],
    ['for JSON', '/', { accept: 'application/json' }],
    ['for a part', '/', { range: 'bytes=0-1' }],
    ['with a form', '/', {}, 'POST'],
    ['with a body', '/', { 'content-length': '0' }],
    ['with a query', '/?s=roses', {}],
    ['to add to the cart', '/?add-to-cart=7', {}],
    ['with a query that only looks harmless', '/?utm_source=a&add-to-cart=7', {}],
    ['for a page of a list that no list reaches', '/?paged=100', {}],
    ['for such a page by its path', '/shop/page/100/', {}],
    ['with a query twice', '/?paged=2&paged=3', {}],
    ['for the cart', '/cart/', {}],
    ['for the checkout', '/checkout/', {}],
    ['for the end of the checkout', '/kasse/order-received/7/', {}],
    ['for the account', '/my-account/orders/', {}],
    ['for the cart, written otherwise', '/%63art/', {}],
    ['for the cart, below a program', '/index.php/cart/', {}],
    ['for the cart, by a detour', '/shop/../cart/', {}],
    ['for another place that the shop reads as its cart', '/cart/../shop/', {}],
    ['with two slashes', '//shop/', {}],
    ['for the administration', '/wp-admin/', {}],
    ['for the API', '/wp-json/wc/store/v1/cart', {}],
    ['for a call of a payment', '/wc-api/paypal/', {}],
    ['for a feed', '/shop/feed/', {}],
    ['for the page to sign in', '/wp-login.php', {}],
    ['for a program', '/xmlrpc.php', {}],
    ['for a file', '/style.css', {}],
  ])('%s: %s', async (_what, path, headers, method = 'GET') => {
    await ask(path, headers, 'rose.localhost', method);
    const { cache } = await ask(path, headers, 'rose.localhost', method);

    expect(cache).toBe('BYPASS');
    expect(rose.seen).toHaveLength(2);
    expect(rose.seen[1]).toMatchObject({ url: path, method, headers });
  });

  it.each<[string, Parameters<ServerResponse['writeHead']>[1] & object, number?]>([
    ['sets a cookie', { 'set-cookie': 'a=b' }],
    ['is private', { 'cache-control': 'private' }],
    ['is not to be stored', { 'cache-control': 'no-cache, must-revalidate, max-age=0, no-store, private' }],
    ['is old already', { expires: 'Wed, 11 Jan 1984 05:00:00 GMT' }],
    ['was to be told from others by we know not what', { vary: '*' }],
    ['says so in the old way', { pragma: 'no-cache' }],
    ['is no page', { 'content-type': 'application/json' }],
    ['sends on for now', { location: '/de/' }, 302],
    ['is an error', {}, 500],
    ['is refused', {}, 403],
    ['there is no such page: anybody can ask for as many of them as there are words', {}, 404],
    ['there is no such page, and says for how long', { 'cache-control': 'public, max-age=600' }, 404],
    ['there is no such page, and says until when', { expires: 'Fri, 01 Jan 2100 00:00:00 GMT' }, 404],
    ['sends on for now, and says for how long', { location: '/de/', 'cache-control': 'max-age=600' }, 302],
    ['is an error, and says for how long', { 'cache-control': 'max-age=600' }, 500],
    ['is closed, and says for how long', { 'cache-control': 'max-age=600' }, 503],
    ['is refused, and says for how long', { 'cache-control': 'max-age=600' }, 403],
    ['was here, and says for how long not', { 'cache-control': 'max-age=600' }, 410],
    ['is another success', { 'cache-control': 'max-age=600' }, 203],
    ['is a part that nobody asked for', { 'cache-control': 'max-age=600', 'content-range': 'bytes 0-5/9' }, 206],
    ['is packed though nobody wanted that', { 'content-encoding': 'br' }],
    ['is too much', { 'content-length': '5000000' }],
  ])('anew after an answer that %s', async (_what, headers, status = 200) => {
    rose.answer = (_request, response, count) => {
      const body = `page ${count}`;
      const length = 'content-length' in headers ? Number(headers['content-length']) : body.length;
      response.writeHead(status, { 'content-type': 'text/html', 'content-length': length, ...headers });
      response.end(body.padEnd(length));
    };
    await ask('/shop/');
    const second = await ask('/shop/');

    expect([second.cache, second.body.trim()]).toEqual(['MISS', 'page 2']);
    for (const [name, value] of Object.entries(headers)) expect([second.headers[name]].flat()).toEqual([value].flat());
  });

  it.each<[string, string, string]>([
    ['tells no length', 'Connection: close', 'page'],
    ['has a length and a type in another line', 'Vary: a|b/|1|text/html\r\nPragma: x/|1|text/html', 'page'],
    ['comes in pieces', 'Transfer-Encoding: chunked', '4\r\npage\r\n0\r\n\r\n'],
    ['comes in pieces and tells a length', 'Content-Length: 4\r\nTransfer-Encoding: chunked', '4\r\npage\r\n0\r\n\r\n'],
    ['tells two lengths', 'Content-Length: 4\r\nContent-Length: 6000000', 'page'.padEnd(6_000_000)],
  ])('anew after an answer that %s: nobody knows how much it is before it is there', async (_what, lines, body) => {
    const raw = createRawServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n${lines}\r\n\r\n${body}`));
    });
    await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
    const { port } = raw.address() as AddressInfo;
    bench.routes = [...ROUTES(), { ...ROUTES()[0], hostname: 'raw.localhost', storeId: 'sto_raw', port } as Route];
    await bench.edge.apply(signal());
    try {
      const answers = [await ask('/', {}, 'raw.localhost'), await ask('/', {}, 'raw.localhost')];
      expect(answers.map(({ status, cache }) => [status, cache])).toEqual([
        [200, 'MISS'],
        [200, 'MISS'],
      ]);
    } finally {
      raw.close();
      bench.routes = ROUTES();
      await bench.edge.apply(signal());
    }
  });

  it('by all at once, none waiting for another, where it says that a page for nobody is of no use', async () => {
    const held: ServerResponse[] = [];
    const isForNobody = ({ headers }: IncomingMessage) => headers['x-shop-page'] === 'whole';
    rose.answer = (request, response) => {
      if (!isForNobody(request)) return void held.push(response);
      response.writeHead(470, { 'content-type': 'text/html', 'content-length': 0 });
      response.end();
    };
    const visits = Array.from({ length: 40 }, (_, visitor) => ask('/kasse/', { 'accept-language': `x-${visitor}` }));
    await expect.poll(() => held.length, { timeout: 5 * SECOND }).toBe(40);
    for (const response of held) response.end(`for ${response.req.headers['accept-language']}`);

    const answers = await Promise.all(visits);
    expect(answers.map(({ body }) => body)).toEqual(answers.map((_, visitor) => `for x-${visitor}`));
    expect(new Set(answers.map(({ status, cache }) => `${status} ${cache}`))).toEqual(new Set(['200 BYPASS']));
    expect(rose.seen.filter(isForNobody)).toHaveLength(1);

    rose.answer = page;
    expect((await ask('/kasse/', {}, 'rose.localhost', 'HEAD')).cache).toBe('BYPASS');
    expect(rose.seen.at(-1)).toMatchObject({ method: 'HEAD', url: '/kasse/' });
    await pages.empty('sto_rose');
    expect([(await ask('/kasse/')).cache, (await ask('/kasse/')).cache]).toEqual(['MISS', 'HIT']);
  });

  it('where an epoch cannot be looked up, since what is kept could not be emptied', async () => {
    const epochs = join(bench.dataDir, 'edge', 'epochs');
    await ask('/shop/');
    await rename(epochs, `${epochs}-away`);
    try {
      const answers = [await ask('/shop/'), await ask('/shop/')];
      expect(answers.map(({ status, cache, body }) => [status, cache, body])).toEqual([
        [200, 'BYPASS', 'page 2 of /shop/'],
        [200, 'BYPASS', 'page 3 of /shop/'],
      ]);
    } finally {
      await rename(`${epochs}-away`, epochs);
    }
    expect((await ask('/shop/')).cache).toBe('HIT');
  });

  it('when the platform looks whether it is well', async () => {
    await ask('/');
    rose.answer = (request) => request.socket.destroy();
    const wish = { expectState: 'live', certificate: 'any' } as const;

    expect((await ask('/')).cache).toBe('HIT');
    await expect(bench.edge.probe('rose.localhost', wish, signal())).rejects.toMatchObject({
      code: 'route_unreachable',
    });
  });

  it('where its owner switched this off, with no word about it', async () => {
    await ask('/', {}, 'bare.localhost');
    const { cache, body } = await ask('/', {}, 'bare.localhost');

    expect([cache, body]).toEqual([undefined, 'page 2 of /']);
  });

  it('in whatever state its page says why not, whatever was kept before', async () => {
    await ask('/shop/');
    bench.routes = ROUTES().map((route) => ({ ...route, state: 'suspended' }));
    await bench.edge.apply(signal());

    expect(await ask('/shop/')).toMatchObject({ status: 503, page: 'suspended', cache: undefined });
    bench.routes = ROUTES();
    await bench.edge.apply(signal());
  });
});

describe('emptying', () => {
  it('takes the pages of one store at once, without a reload, and however often in one second', async () => {
    const { generation } = await bench.edge.apply(signal());
    for (let round = 1; round <= 5; round += 1) {
      expect([await ask('/shop/'), await ask('/shop/')].map(({ cache }) => cache)).toEqual(['MISS', 'HIT']);
      await pages.empty('sto_rose');
    }
    await ask('/', {}, 'iris.localhost');
    await pages.empty('sto_rose');

    expect((await ask('/', {}, 'iris.localhost')).cache).toBe('HIT');
    expect(await bench.edge.apply(signal())).toMatchObject({ generation, reloaded: false });
  });

  it('by several at once is as good as by one', async () => {
    await ask('/shop/');
    await Promise.all(Array.from({ length: 10 }, (_, worker) => pages.empty('sto_rose', `signal-${worker % 2}`)));

    expect((await ask('/shop/')).cache).toBe('MISS');
    expect(await pages.answered('sto_rose')).toMatch(/^signal-[01]$/);
    expect((await readdir(join(bench.dataDir, 'edge', 'epochs'))).sort()).toEqual(['none', 'sto_iris', 'sto_rose']);
  });

  it('follows what the shop says, while it is watched and after nobody watched', async () => {
    const customersDir = join(bench.dataDir, 'customers');
    const folder = join(customersDir, 'stores', 'sto_rose', 'data', 'wp-cache');
    await mkdir(folder, { recursive: true });
    const stopping = new AbortController();
    const failed: unknown[] = [];
    const look = createPageChangeFollower({
      cachedStores: async () => ['sto_rose'],
      signals: createPageSignals({ customersDir }),
      keptPages: pages,
      after: (delayMs, act) => void pause(delayMs, stopping.signal).then(act, () => undefined),
      stopping: stopping.signal,
      onError: (_storeId, thrown) => void failed.push(thrown),
    });
    try {
      await look();
      for (const change of ['first', 'second']) {
        await ask('/shop/');
        expect((await ask('/shop/')).cache).toBe('HIT');
        const before = rose.seen.length;
        await writeFile(join(folder, 'purge'), change);
        await expect.poll(async () => (await ask('/shop/'), rose.seen.length), { timeout: 10_000 }).toBe(before + 1);
      }
      stopping.abort();
      await writeFile(join(folder, 'purge'), 'unheard');
      expect((await ask('/shop/')).cache).toBe('HIT');
      const restarted = new AbortController();
      await createPageChangeFollower({
        cachedStores: async () => ['sto_rose'],
        signals: createPageSignals({ customersDir }),
        keptPages: pages,
        after: () => undefined,
        stopping: restarted.signal,
        onError: (_storeId, thrown) => void failed.push(thrown),
      })();
      restarted.abort();

      expect((await ask('/shop/')).cache).toBe('MISS');
      expect(failed).toEqual([]);
    } finally {
      stopping.abort();
    }
  });

  it('by hand keeps what was noted as answered', async () => {
    await pages.empty('sto_rose', '1732.5');
    await pages.empty('sto_rose');

    expect(await pages.answered('sto_rose')).toBe('1732.5');
  });

  it('a store that is gone leaves no page and no epoch, and takes nothing of another along', async () => {
    const kept = async (): Promise<number> =>
      (await readdir(join(bench.dataDir, 'edge', 'kept-pages'), { recursive: true, withFileTypes: true })).filter(
        (entry) => entry.isFile(),
      ).length;
    for (const id of ['sto_rose', 'sto_iris']) await pages.forget(id);
    expect(await kept()).toBe(0);
    await ask('/a/');
    await ask('/b/');
    await ask('/c/', {}, 'iris.localhost');

    await pages.forget('sto_rose');
    await pages.forget('sto_rose');

    expect(await kept()).toBe(1);
    expect((await ask('/c/', {}, 'iris.localhost')).cache).toBe('HIT');
    expect((await ask('/a/')).cache).toBe('MISS');
  });
});

describe('room', () => {
  const LARGE = 4_800_000;
  const startLarge = async () => {
    const large = await startBench({ pageCacheMb: 64 });
    large.routes = ROUTES().map((route) => ({ ...route, storeId: route.storeId === 'sto_iris' ? 'sto_1' : 'sto_0' }));
    await large.edge.start(signal());
    rose.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html', 'content-length': LARGE });
      response.end('rose'.repeat(LARGE / 4));
    };
    return large;
  };
  const keptBelow = async (dataDir: string) =>
    (await readdir(join(dataDir, 'edge', 'kept-pages'), { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );

  it('that a shop takes with thousands of addresses is not taken from stores on another shelf, and theirs go alone', async () => {
    const large = await startLarge();
    try {
      const read = async (host: string, path: string) =>
        (await large.get(`${host}.localhost`, { path })).headers['x-cache'];
      expect([await read('iris', '/'), await read('rose', '/0/')]).toEqual(['MISS', 'MISS']);
      for (let page = 1; page < 20; page += 1) await read('rose', `/${page}/`);

      // nginx' manager looks every now and then, and removes what was not asked for longest.
      await expect.poll(() => keptBelow(large.dataDir), { timeout: MINUTE }).toHaveLength(1 + 6);
      expect([await read('iris', '/'), await read('rose', '/19/'), await read('rose', '/0/')]).toEqual([
        'HIT',
        'HIT',
        'MISS',
      ]);

      await createKeptPages(large.options).forget('sto_0');
      const left = await keptBelow(large.dataDir);
      expect(left.map(({ parentPath }) => /kept-pages\/([^/]+)/.exec(parentPath)?.[1])).toEqual(['1-of-2']);
    } finally {
      await large.close();
    }
  });

  it('that another division of it had is free once the edge starts with today’s', async () => {
    const large = await startLarge();
    const sibling = large.sibling({ pageCacheMb: 16 });
    try {
      await large.get('iris.localhost');
      expect(await keptBelow(large.dataDir)).toHaveLength(1);

      expect(await sibling.start(signal())).toMatchObject({ adopted: true, pending: undefined });

      expect(await keptBelow(large.dataDir)).toEqual([]);
      expect(await readdir(join(large.dataDir, 'edge', 'kept-pages'))).toEqual(['0-of-1']);
      expect((await large.get('iris.localhost')).headers['x-cache']).toBe('MISS');
    } finally {
      await large.close();
    }
  });
});

describe('many people at once', () => {
  it('none of ten thousand sees what is another’s: guests, carts, accounts, two shops, two currencies', async () => {
    const SESSIONS = 10_000;
    const AT_ONCE = 60;
    // nginx lets a thousand requests through one connection.
    const agentOf = () => new Agent({ keepAlive: true, maxSockets: AT_ONCE, rejectUnauthorized: false });
    const agents = { rose: agentOf(), iris: agentOf() };
    const currencyOf = (cookie: string): string => /wmc_current_currency=([A-Z]{3})/.exec(cookie)?.[1] ?? 'EUR';
    for (const [name, shop] of Object.entries({ rose, iris })) {
      shop.answer = (request, response, count) => {
        const cookie = request.headers.cookie ?? '';
        const person = /(?:woocommerce_cart_hash|wordpress_logged_in_1)=([0-9a-z]+)/.exec(cookie)?.[1] ?? 'nobody';
        response.setHeader('content-type', 'text/html');
        // Every so often a shop begins a session with whoever comes.
        if (count % 7 === 0) response.setHeader('set-cookie', `wp_woocommerce_session_1=new${count}`);
        response.end(`<${name} ${currencyOf(cookie)} ${person} ${request.url}>`);
      };
    }
    let seed = 20_261_126;
    const dice = (sides: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * sides);
    };
    const foreign: string[] = [];
    const handedOut = new Set<string>();
    const outcomes = new Map<string, number>();
    const visit = async (session: number): Promise<void> => {
      const shop = dice(2) === 0 ? 'rose' : 'iris';
      const kind = dice(4);
      const person = `p${session}`;
      const currency = dice(2) === 0 ? undefined : 'USD';
      const cookies = [
        ...(kind === 1 ? [`woocommerce_items_in_cart=1; woocommerce_cart_hash=${person}`] : []),
        ...(kind === 2 ? [`wordpress_logged_in_1=${person}`] : []),
        ...(currency === undefined ? [] : [`wmc_current_currency=${currency}`]),
        ...(dice(2) === 0 ? [] : [`_ga=GA1.${session}`]),
      ];
      const path = `/${['shop', 'roses', 'about', 'kasse'][dice(4)]}/`;
      const { body, headers: answered } = await askBy(agents[shop], `${shop}.localhost`, path, cookies.join('; '));
      const cache = answered['x-cache'];
      const who = kind === 1 || kind === 2 ? person : 'nobody';
      if (body !== `<${shop} ${currency ?? 'EUR'} ${who} ${path}>`) foreign.push(body);
      for (const cookie of answered['set-cookie'] ?? []) {
        if (handedOut.has(`${shop} ${cookie}`)) foreign.push(cookie);
        handedOut.add(`${shop} ${cookie}`);
      }
      outcomes.set(String(cache), (outcomes.get(String(cache)) ?? 0) + 1);
    };
    let next = 0;
    const walk = async (): Promise<void> => {
      while (next < SESSIONS) {
        if (next % 1000 === 0) await pages.empty(dice(2) === 0 ? 'sto_rose' : 'sto_iris');
        await visit(next++);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, walk));
    for (const agent of Object.values(agents)) agent.destroy();

    expect(foreign).toEqual([]);
    expect(outcomes.get('HIT')).toBeGreaterThan(SESSIONS / 4);
    expect(outcomes.get('BYPASS')).toBeGreaterThan(SESSIONS / 4);
  });
});
