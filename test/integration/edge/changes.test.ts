import { readlink } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Route } from '../../../src/adapters/edge/edge.ts';
import { edgeFolders } from '../../../src/adapters/edge/edge-folders.ts';
import { createOpenedDoors } from '../../../src/adapters/edge/opened-doors.ts';
import { createRenderer } from '../../../src/adapters/edge/renderer.ts';
import { AppError } from '../../../src/domain/errors.ts';
import { startConstantLoad } from './constant-load.ts';
import { type EdgeBench, masterOf, signal, startBench, startUpstream } from './edge-bench.ts';

let bench: EdgeBench;
let shop: Awaited<ReturnType<typeof startUpstream>>;

const live = (name: string): Route => ({
  hostname: `${name}.localhost`,
  storeId: `sto_${name}`,
  port: shop.port,
  state: 'live',
});

beforeAll(async () => {
  shop = await startUpstream('shop');
  bench = await startBench();
  await bench.edge.start(signal());
});

beforeEach(() => {
  bench.routes = [live('steady')];
});

afterAll(async () => {
  await bench?.close();
  await shop?.close();
});

describe('a change of routes', () => {
  it('is in effect when apply() returns, every time, for every new connection', async () => {
    for (let round = 0; round < 10; round++) {
      bench.routes = [
        live('steady'),
        { ...live('turning'), state: round % 2 === 0 ? 'making' : 'live' },
        live(`new${round}`),
      ];

      await bench.edge.apply(signal());

      const [turning, fresh, gone] = await Promise.all(
        ['turning', `new${round}`, `new${round - 1}`].map((name) => bench.get(`${name}.localhost`)),
      );
      expect(turning?.page).toBe(round % 2 === 0 ? 'making' : undefined);
      expect(fresh?.status).toBe(200);
      expect(gone?.page).toBe('unknown');
    }
  });

  it('that changes nothing reloads nothing, in this process or another', async () => {
    const first = await bench.edge.apply(signal());
    const again = await bench.edge.apply(signal());
    const elsewhere = await bench.sibling().apply(signal());

    expect(again).toEqual({ ...first, reloaded: false });
    expect(elsewhere).toEqual(again);
  });

  it('bursts of 30 share a few reloads, and each caller finds its own route served', async () => {
    const edges = [bench.edge, bench.sibling(), bench.sibling()];
    const readsBefore = bench.reads;

    const results = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        bench.routes = [...bench.routes, live(`burst${index}`)];
        const result = await edges[index % edges.length]?.apply(signal());
        const answer = await bench.get(`burst${index}.localhost`);
        return { result, status: answer.status };
      }),
    );

    expect(results.map(({ status }) => status)).toEqual(Array.from({ length: 30 }, () => 200));
    expect(bench.reads - readsBefore).toBeLessThanOrEqual(2 * edges.length);
    const reloads = new Set(results.filter(({ result }) => result?.reloaded).map(({ result }) => result?.generation));
    expect(reloads.size).toBeLessThanOrEqual(2);
  });

  it('that was written but never loaded, because somebody was killed in between, is loaded by whoever comes next', async () => {
    await bench.edge.apply(signal());
    bench.routes = [live('steady'), live('halfway')];
    const folders = edgeFolders(bench.dataDir);
    await createRenderer(bench.options, folders, createOpenedDoors(folders)).settle(signal(), 'test');
    expect((await bench.get('halfway.localhost')).page).toBe('unknown');

    const result = await bench.edge.apply(signal());

    expect(result.reloaded).toBe(true);
    expect((await bench.get('halfway.localhost')).status).toBe(200);
  });

  it('leaves the master and its pid as they are', async () => {
    const before = await masterOf(bench);
    bench.routes = [live('another')];
    await bench.edge.apply(signal());

    expect(await masterOf(bench)).toBe(before);
  });

  it('can be given up, and then changes nothing', async () => {
    await bench.edge.apply(signal());
    bench.routes = [live('never')];

    await expect(bench.edge.apply(AbortSignal.abort())).rejects.toThrow(/abort/i);

    expect((await bench.get('never.localhost')).page).toBe('unknown');
    expect((await bench.get('steady.localhost')).status).toBe(200);
  });
});

describe('a route that cannot be served', () => {
  it.each([
    'UPPER.localhost',
    'a b.localhost',
    'x;}.localhost',
    '$host',
    '~^.*$',
    '*.localhost',
    '',
    'a\nb',
    '10.0.0.1',
    'localhost',
  ])('is left out alone when its host is %j', async (hostname) => {
    bench.routes = [live('steady'), { ...live('bad'), hostname }, live('after')];

    const { refused } = await bench.edge.apply(signal());

    expect(refused).toEqual([{ hostname, reason: expect.stringMatching(/./) }]);
    expect((await bench.get('steady.localhost')).status).toBe(200);
    expect((await bench.get('after.localhost')).status).toBe(200);
  });

  it('is left out alone when nginx itself refuses it, with the words of nginx', async () => {
    const many = Array.from({ length: 40 }, (_, index) => live(`many${index}`));
    // Two routes for one host: nginx calls that conflicting. The first one stays.
    bench.routes = [live('steady'), ...many, live('many7'), live('many23')];

    const { refused } = await bench.edge.apply(signal());

    expect(refused).toEqual([
      { hostname: 'many7.localhost', reason: expect.stringContaining('conflicting parameter') },
      { hostname: 'many23.localhost', reason: expect.stringContaining('conflicting parameter') },
    ]);
    for (const name of ['steady', 'many7', 'many23', 'many39'])
      expect((await bench.get(`${name}.localhost`)).status).toBe(200);
  });

  it('is left out also where somebody was killed who had put it in place, and nginx started again', async () => {
    await bench.edge.apply(signal());
    const twins = [live('steady'), live('twin'), live('twin')];
    bench.routes = twins;
    const folders = edgeFolders(bench.dataDir);
    const putInPlace = () =>
      createRenderer(bench.options, folders, createOpenedDoors(folders)).settle(signal(), 'loading');
    const leftOut = [{ hostname: 'twin.localhost', reason: expect.stringContaining('conflicting parameter') }];

    await putInPlace();
    expect((await bench.edge.apply(signal())).refused).toEqual(leftOut);
    expect((await bench.get('twin.localhost')).status).toBe(200);

    bench.routes = [...twins, live('other')];
    await putInPlace();
    await bench.edge.stop(signal());
    expect(await bench.sibling().start(signal())).toMatchObject({ refused: leftOut });
    expect((await bench.get('other.localhost')).status).toBe(200);
  });

  it('others never notice: a hundred changes under constant load, no request fails', { timeout: 180_000 }, async () => {
    await bench.certificates.ensure('steady.localhost', signal());
    await bench.edge.apply(signal());
    const load = startConstantLoad(bench, 'steady.localhost');
    let reloads = 0;

    for (let round = 0; round < 100; round++) {
      // Every tenth time there is one that only nginx refuses, so that halving is part of it.
      const twin = round % 10 === 0 ? [live(`round${round}`)] : [];
      bench.routes = [live('steady'), live(`round${round}`), ...twin, { ...live('bad'), hostname: 'b@d' }];
      const { refused, reloaded } = await bench.edge.apply(signal());
      expect(refused).toHaveLength(1 + twin.length);
      if (reloaded) reloads += 1;
    }

    const { failures, answered } = await load.stop();
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(500);
    expect(reloads).toBe(100);
  });
});

describe('a configuration that nginx cannot load', () => {
  it('is taken back, and the old one serves on', async () => {
    await bench.edge.apply(signal());
    const before = await readlink(`${bench.dataDir}/edge/current`);
    // Its own test forgives a taken port, the reload does not.
    const elsewhere = bench.sibling({ httpPort: shop.port });

    const refusal = await elsewhere.apply(signal()).catch((error: unknown) => error);

    expect(refusal).toBeInstanceOf(AppError);
    expect(refusal).toMatchObject({ code: 'route_refused', message: expect.stringMatching(/in use/) });
    expect(await readlink(`${bench.dataDir}/edge/current`)).toBe(before);
    expect((await bench.get('steady.localhost')).status).toBe(200);
    expect((await bench.edge.apply(signal())).reloaded).toBe(false);
  });
});
