import { readdir, utimes } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Route, RouteState } from '../../../src/adapters/edge/edge.ts';
import { edgeFolders } from '../../../src/adapters/edge/edge-folders.ts';
import { MINUTE } from '../../../src/lib/time.ts';
import { startConstantLoad } from './constant-load.ts';
import { type EdgeBench, signal, startBench, startUpstream } from './edge-bench.ts';

let bench: EdgeBench;
let shop: Awaited<ReturnType<typeof startUpstream>>;

const route = (name: string, state: RouteState): Route => ({
  hostname: `${name}.localhost`,
  storeId: `sto_${name}`,
  port: shop.port,
  state,
});
const pageOf = async (name: string): Promise<string | undefined> => (await bench.get(`${name}.localhost`)).page;
const marks = (): Promise<string[]> => readdir(edgeFolders(bench.dataDir).opened);

async function aMinuteLater(id: string): Promise<void> {
  const before = new Date(Date.now() - 2 * MINUTE);
  await utimes(join(edgeFolders(bench.dataDir).opened, id), before, before);
}

/** nginx knows the host as one in the making; the row says live by now. */
async function madeAndLive(name: string): Promise<Route> {
  bench.routes = [route('steady', 'live'), route(name, 'making')];
  await bench.edge.apply(signal());
  bench.routes = [route('steady', 'live'), route(name, 'live')];
  return route(name, 'live');
}

/** A shop whose pages wait for the test. */
interface PageMaker {
  readonly port: number;
  readonly seen: IncomingHttpHeaders[];
  readonly waiting: ServerResponse[];
  answer(): void;
  hangUp(): void;
  close(): Promise<void>;
}

async function startPageMaker(): Promise<PageMaker> {
  const seen: IncomingHttpHeaders[] = [];
  const waiting: ServerResponse[] = [];
  const server = createServer(({ headers }, response) => {
    seen.push(headers);
    waiting.push(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    waiting,
    answer: () => waiting.forEach((response) => void response.setHeader('content-type', 'text/html').end('a page')),
    hangUp: () => waiting.forEach((response) => void response.destroy()),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

beforeAll(async () => {
  shop = await startUpstream('shop');
  bench = await startBench();
  await bench.edge.start(signal());
});

beforeEach(async () => {
  bench.routes = [route('steady', 'live')];
  await bench.edge.apply(signal());
});

afterAll(async () => {
  await bench?.close();
  await shop?.close();
});

describe('opening the door of a shop that nginx knows as one in the making', () => {
  it('lets visitors in without a reload; the next change says so for good, and the mark goes', async () => {
    const fresh = await madeAndLive('fresh');
    expect(await pageOf('fresh')).toBe('making');

    const opened = await bench.edge.open(fresh, signal());

    expect(opened).toEqual({ refused: [], reloaded: false });
    expect(await pageOf('fresh')).toBeUndefined();
    expect(await marks()).toEqual(['sto_fresh']);

    expect((await bench.edge.apply(signal())).reloaded).toBe(true);
    expect(await marks()).toEqual(['sto_fresh']);
    expect(await pageOf('fresh')).toBeUndefined();
    await aMinuteLater('sto_fresh');
    expect((await bench.edge.apply(signal())).reloaded).toBe(false);
    expect(await marks()).toEqual([]);
    expect(await pageOf('fresh')).toBeUndefined();
  });

  it('gives visitors what a live shop gives them, with all that stands beside it', async () => {
    const fresh = { ...(await madeAndLive('fresh')), pageLifetime: '1m' as const };
    bench.routes = [route('steady', 'live'), { ...fresh, state: 'making' }];
    await bench.edge.apply(signal());
    bench.routes = [route('steady', 'live'), fresh];
    await bench.edge.open(fresh, signal());
    const visits = async () => {
      const asked = { headers: { cookie: 'cart=1' } };
      const [plain, past] = [await bench.get(fresh.hostname), await bench.get(fresh.hostname, asked)];
      return [plain, past].map(({ status, headers, body }) => {
        const { date: _, ...rest } = headers;
        return { status, rest, body };
      });
    };

    const opened = await visits();
    expect((await bench.edge.apply(signal())).reloaded).toBe(true);

    expect(opened).toEqual(await visits());
    expect(opened.map(({ status, rest }) => [status, rest['x-cache']])).toEqual([
      [200, 'MISS'],
      [200, 'BYPASS'],
    ]);
  });

  it('opens no other', async () => {
    const fresh = await madeAndLive('fresh');
    bench.routes = [...bench.routes, route('beside', 'making'), route('ill', 'failed'), route('shut', 'suspended')];
    await bench.edge.apply(signal());
    const withFresh = (state: RouteState): Route[] =>
      bench.routes.map((known) => (known.storeId === fresh.storeId ? route('fresh', state) : known));
    bench.routes = withFresh('making');
    await bench.edge.apply(signal());
    bench.routes = withFresh('live');

    await bench.edge.open(fresh, signal());

    expect(await Promise.all(['fresh', 'beside', 'ill', 'shut', 'nobody'].map(pageOf))).toEqual([
      undefined,
      'making',
      'failed',
      'suspended',
      'unknown',
    ]);
  });

  it('may be repeated, also when it is live for good', async () => {
    const fresh = await madeAndLive('fresh');
    await bench.edge.open(fresh, signal());
    await bench.edge.open(fresh, signal());
    await bench.edge.apply(signal());

    expect(await bench.edge.open(fresh, signal())).toEqual({ refused: [], reloaded: false });
    expect(await pageOf('fresh')).toBeUndefined();
  });

  it.each(['making', 'failed', 'suspended'] as const)('is undone by the next change that says %s', async (state) => {
    const fresh = await madeAndLive('fresh');
    await bench.edge.open(fresh, signal());
    bench.routes = [route('steady', 'live'), route('fresh', state)];

    await bench.edge.apply(signal());

    expect(await pageOf('fresh')).toBe(state);
    expect(await marks()).toEqual([]);
  });

  it('outlives nginx, which opens it again from what is on disk while nobody can tell it the routes', async () => {
    const fresh = await madeAndLive('fresh');
    await bench.edge.open(fresh, signal());
    await bench.edge.stop(signal());
    const blind = bench.sibling({ listRoutes: () => Promise.reject(new Error('no database')) });

    expect((await blind.start(signal())).pending).toBeDefined();

    expect(await pageOf('fresh')).toBeUndefined();
    expect(await pageOf('steady')).toBeUndefined();
  });

  it('is refused to whoever comes when it is to be shut already, and a mark of whatever time opens nothing then', async () => {
    const fresh = await madeAndLive('fresh');
    await bench.edge.open(fresh, signal());
    await bench.edge.apply(signal());
    // As while its address is changed: nothing but the state is another one.
    bench.routes = [route('steady', 'live'), route('fresh', 'making')];
    const inAnHour = new Date(Date.now() + 60 * MINUTE);
    await utimes(join(edgeFolders(bench.dataDir).opened, 'sto_fresh'), inAnHour, inAnHour);

    await bench.edge.apply(signal());
    expect(await pageOf('fresh')).toBe('making');
    await bench.sibling().open(fresh, signal());

    expect(await pageOf('fresh')).toBe('making');
    expect(await marks()).toEqual([]);
  });
});

describe('the first page of a shop whose door is opened', () => {
  let maker: PageMaker;

  beforeEach(async () => {
    maker = await startPageMaker();
  });
  afterEach(() => maker.close());

  /** As `madeAndLive`, of the shop that makes pages. */
  async function shopOfPages(name: string): Promise<Route> {
    const fresh = { ...route(name, 'live'), port: maker.port, pageLifetime: '10m' as const };
    bench.routes = [route('steady', 'live'), { ...fresh, state: 'making' }];
    await bench.edge.apply(signal());
    bench.routes = [route('steady', 'live'), fresh];
    return fresh;
  }
  const askFor = (name: string, headers: Record<string, string> = {}) =>
    bench.get(`${name}.localhost`, { headers: { 'accept-encoding': 'gzip', ...headers } });

  it('is made before anybody is let in, and shown to who comes then', async () => {
    const fresh = await shopOfPages('early');
    const opened = bench.edge.open(fresh, signal());
    await expect.poll(() => maker.waiting.length).toBe(1);
    const [key] = (await marks()).map((name) => name.split('.')[1]);

    for (const sent of [
      undefined,
      '',
      'f'.repeat(32),
      key?.slice(1),
      `${key}0`,
      `/../sto_early.${key}`,
      '../sto_steady',
    ])
      expect((await askFor('early', sent === undefined ? {} : { 'x-edge-look': sent })).page).toBe('making');
    maker.answer();
    expect(await opened).toEqual({ refused: [], reloaded: false });

    const { status, headers } = await askFor('early');
    expect([status, headers['x-cache']]).toEqual([200, 'HIT']);
    expect(maker.seen).toHaveLength(1);
    expect(maker.seen[0]).not.toHaveProperty('x-edge-look');
    expect(await marks()).toEqual(['sto_early']);
  });

  it('keeps nobody out when it cannot be made', async () => {
    const fresh = await shopOfPages('ill');
    const opened = bench.edge.open(fresh, signal());
    await expect.poll(() => maker.waiting.length).toBe(1);
    maker.hangUp();

    expect(await opened).toEqual({ refused: [], reloaded: false });
    expect(await marks()).toEqual(['sto_ill']);
  });

  it('is for nobody when the door is to be shut meanwhile', async () => {
    const fresh = await shopOfPages('late');
    const opened = bench.edge.open(fresh, signal());
    await expect.poll(() => maker.waiting.length).toBe(1);
    bench.routes = [route('steady', 'live'), { ...fresh, state: 'suspended' }];
    await bench.edge.apply(signal());
    maker.answer();
    await opened;

    expect((await askFor('late')).page).toBe('suspended');
    expect(await marks()).toEqual([]);
  });

  it('that somebody was killed over leaves a mark that opens nothing and goes', async () => {
    const fresh = await shopOfPages('killed');
    const given = new AbortController();
    const opened = bench.edge.open(fresh, given.signal);
    await expect.poll(() => maker.waiting.length).toBe(1);
    given.abort();
    await expect(opened).rejects.toThrow(/abort/i);

    const [left] = await marks();
    expect(left).toMatch(/^sto_killed\./);
    expect((await askFor('killed')).page).toBe('making');
    await bench.edge.apply(signal());
    await aMinuteLater(left ?? '');
    await bench.edge.apply(signal());
    expect(await marks()).toEqual([]);
    expect(maker.seen).toHaveLength(1);
  });
});

describe('opening a door takes a reload', () => {
  it('where nginx does not know the host', async () => {
    bench.routes = [route('steady', 'live'), route('unheard', 'live')];

    expect((await bench.edge.open(route('unheard', 'live'), signal())).reloaded).toBe(true);
    expect(await pageOf('unheard')).toBeUndefined();
  });

  it('where the shop has moved to another port', async () => {
    const other = await startUpstream('other');
    const moved = { ...(await madeAndLive('moved')), port: other.port };
    bench.routes = [route('steady', 'live'), moved];

    expect((await bench.edge.open(moved, signal())).reloaded).toBe(true);

    expect(JSON.parse((await bench.get('moved.localhost')).body)).toMatchObject({ name: 'other' });
    await other.close();
  });

  it('where the host has a certificate that nginx does not know of, and none where it does', async () => {
    const named = await madeAndLive('named');
    await bench.edge.open(named, signal());
    expect((await bench.get(named.hostname)).isTrusted).toBe(false);
    await bench.certificates.ensure(named.hostname, signal());

    expect((await bench.edge.open(named, signal())).reloaded).toBe(true);
    expect((await bench.get(named.hostname)).isTrusted).toBe(true);

    await madeAndLive('named');
    expect((await bench.edge.open(named, signal())).reloaded).toBe(false);
    expect(await bench.get(named.hostname)).toMatchObject({ isTrusted: true, status: 200 });
  });

  it('and says whom nginx refuses', async () => {
    bench.routes = [route('steady', 'live'), { ...route('steady', 'live'), hostname: 'localhost', storeId: 'sto_x' }];

    const { refused } = await bench.edge.open({ ...route('x', 'live'), hostname: 'localhost' }, signal());

    expect(refused.map(({ hostname }) => hostname)).toEqual(['localhost']);
  });
});

it('100 doors opened under constant load, with changes among them, cost nobody a request, and none shuts again', async () => {
  const names = Array.from({ length: 100 }, (_, index) => `door${index}`);
  const routes = new Map(names.map((name) => [name, route(name, 'making')]));
  const tell = (): void => void (bench.routes = [route('steady', 'live'), ...routes.values()]);
  tell();
  await bench.edge.apply(signal());
  const load = startConstantLoad(bench, 'steady.localhost');

  for (const [index, name] of names.entries()) {
    routes.set(name, route(name, 'live'));
    tell();
    expect((await bench.edge.open(route(name, 'live'), signal())).reloaded).toBe(false);
    const told = index % 10 === 9 ? bench.edge.apply(signal()) : undefined;
    for (const opened of names.slice(Math.max(0, index - 4), index + 1)) expect(await pageOf(opened)).toBeUndefined();
    await told;
  }

  const { answered, failures } = await load.stop();
  expect(failures).toEqual([]);
  expect(answered).toBeGreaterThan(100);
});
