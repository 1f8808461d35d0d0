import { execFile } from 'node:child_process';
import { chmod, mkdtemp, open, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEdge } from '../../../src/adapters/edge/create-edge.ts';
import type { Route } from '../../../src/adapters/edge/edge.ts';
import { edgeFolders } from '../../../src/adapters/edge/edge-folders.ts';
import { workersOf } from '../../../src/adapters/edge/nginx-process.ts';
import { findSystemUser } from '../../../src/adapters/filesystem/find-system-user.ts';
import { AppError } from '../../../src/domain/errors.ts';
import { EDGE_USER, type EdgeBench, masterOf, signal, startBench, startUpstream } from './edge-bench.ts';

const run = promisify(execFile);

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
});

beforeEach(async () => {
  bench.routes = [live('steady')];
  await bench.edge.start(signal());
});

afterAll(async () => {
  await bench?.close();
  await shop?.close();
});

describe('starting and stopping', () => {
  it('an edge that runs already is adopted, also by another process', async () => {
    const running = await masterOf(bench);

    expect(await bench.sibling().start(signal())).toMatchObject({ pid: running, adopted: true, pending: undefined });
  });

  it('stopped means stopped; stopping again is no trouble; changes meanwhile are served after the next start', async () => {
    await bench.edge.stop(signal());
    await bench.edge.stop(signal());
    expect(await bench.edge.isRunning()).toBeUndefined();
    await expect(bench.get('steady.localhost')).rejects.toThrow(/ECONNREFUSED/);

    bench.routes = [live('meanwhile')];
    await expect(bench.edge.apply(signal())).rejects.toMatchObject({
      code: 'route_unreachable',
      retryable: true,
      hint: expect.stringContaining('shopctl up'),
    });
    expect(await bench.edge.start(signal())).toMatchObject({ adopted: false, refused: [] });

    expect((await bench.get('meanwhile.localhost')).status).toBe(200);
  });

  it('after kill -9 of nginx it says so, comes back at once, and nobody serves the old routes any more', async () => {
    const killed = await masterOf(bench);
    const orphans = await workersOf(killed);
    process.kill(killed, 'SIGKILL');
    // The kernel takes a moment to bury it.
    await expect.poll(() => bench.edge.isRunning()).toBeUndefined();

    bench.routes = [live('afterwards')];
    const { pid, adopted } = await bench.edge.start(signal());

    expect({ adopted, isAnother: pid !== killed }).toEqual({ adopted: false, isAnother: true });
    expect(orphans.length).toBeGreaterThan(0);
    for (let round = 0; round < 20; round++) {
      expect((await bench.get('afterwards.localhost')).status).toBe(200);
      expect((await bench.get('steady.localhost')).page).toBe('unknown');
    }
  });

  it('a pid file that names somebody else means not running, and that somebody is left alone', async () => {
    await bench.edge.stop(signal());
    await writeFile(edgeFolders(bench.dataDir).pidFile, `${process.pid}\n`);

    expect(await bench.edge.isRunning()).toBeUndefined();
    await bench.edge.stop(signal());
    expect(await bench.edge.start(signal())).toMatchObject({ adopted: false });
  });

  it('a lost pid file does not lose the edge', async () => {
    const pid = await masterOf(bench);
    await unlink(edgeFolders(bench.dataDir).pidFile);

    expect(await masterOf(bench)).toBe(pid);
    bench.routes = [live('found')];
    expect((await bench.edge.apply(signal())).reloaded).toBe(true);
  });

  it('when the routes cannot be read it starts with those of last time, and says what is pending', async () => {
    await bench.edge.stop(signal());
    const unreadable = new AppError('database_unavailable', 'MySQL does not answer.', { retryable: true });
    const blind = bench.sibling({ listRoutes: () => Promise.reject(unreadable) });

    expect(await blind.start(signal())).toMatchObject({ adopted: false, pending: unreadable });

    expect((await bench.get('steady.localhost')).status).toBe(200);
  });

  it('also with nothing on disk and no routes to be had, the platform has its page', async () => {
    const lost = await startBench({ listRoutes: () => Promise.reject(new AppError('database_unavailable', 'gone')) });
    await lost.edge.start(signal());

    expect(await lost.get('localhost')).toMatchObject({ page: 'platform-down', isTrusted: true });
    await lost.close();
  });

  it('a damaged tree is made anew before it is used', async () => {
    await bench.edge.stop(signal());
    await writeFile(`${bench.dataDir}/edge/current/states.map`, 'steady.localhost "half a li');

    await bench.edge.start(signal());

    expect((await bench.get('steady.localhost')).status).toBe(200);
  });

  it('a port that is taken is named, with what to do', async () => {
    const other = await startBench({ httpPort: shop.port });

    await expect(other.edge.start(signal())).rejects.toMatchObject({
      code: 'route_unreachable',
      message: expect.stringMatching(/in use/),
      hint: expect.stringContaining('HTTP_PORT'),
    });
    await other.close();
  });

  it('two edges run side by side and know nothing of each other', async () => {
    const second = await startBench();
    second.routes = [live('second')];
    await second.edge.start(signal());
    const [one, two] = [await masterOf(bench), await masterOf(second)];

    expect(one).not.toBe(two);
    expect((await second.get('second.localhost')).status).toBe(200);
    expect((await second.get('steady.localhost')).page).toBe('unknown');
    await second.close();
    expect(await masterOf(bench)).toBe(one);
    expect((await bench.get('steady.localhost')).status).toBe(200);
  });
});

describe('rights', () => {
  it('workers run as the edge user, not as root', async () => {
    const { uid } = await findSystemUser(EDGE_USER);
    const workers = await workersOf(await masterOf(bench));

    expect(workers.length).toBeGreaterThan(0);
    for (const { pid } of workers)
      expect(await readFile(`/proc/${pid}/status`, 'utf8')).toMatch(new RegExp(`^Uid:\\s+${uid}\\s+${uid}`, 'm'));
  });

  it('a DATA_DIR that the edge user cannot get into is named before anything starts', async () => {
    const closed = await mkdtemp(join(tmpdir(), 'edge-closed-'));
    await chmod(closed, 0o700);
    const inside = await startBench({ dataDir: join(closed, 'data') });

    await expect(inside.edge.start(signal())).rejects.toMatchObject({
      code: 'permission_denied',
      hint: expect.stringContaining(`chmod o+x ${closed}`),
    });
    await rm(closed, { recursive: true });
  });

  it('a missing system user is named, with the command that makes it', async () => {
    const nobody = createEdge({ ...bench.options, user: 'no-such-user' });

    await expect(nobody.apply(signal())).rejects.toMatchObject({
      code: 'configuration_invalid',
      hint: expect.stringContaining('useradd'),
    });
  });
});

describe('a full disk', () => {
  it('changes nothing, says so, and is put right by the next try', async () => {
    const disk = await mkdtemp(join(tmpdir(), 'edge-disk-'));
    await run('mount', ['-t', 'tmpfs', '-o', 'size=4m,mode=755', 'tmpfs', disk]);
    const small = await startBench({ dataDir: disk });
    try {
      small.routes = [live('before')];
      await small.edge.start(signal());
      await fill(`${disk}/ballast`);

      small.routes = [live('before'), live('after')];
      await expect(small.edge.apply(signal())).rejects.toMatchObject({ code: 'disk_full', retryable: true });
      expect((await small.get('before.localhost')).status).toBe(200);
      expect((await small.get('after.localhost')).page).toBe('unknown');

      await rm(`${disk}/ballast`);
      await small.edge.apply(signal());
      expect((await small.get('after.localhost')).status).toBe(200);
    } finally {
      await small.close();
      await run('umount', ['-l', disk]);
      await rm(disk, { recursive: true });
    }
  });

  async function fill(path: string): Promise<void> {
    const file = await open(path, 'w');
    try {
      for (const size of [64 * 1024, 4096, 1])
        for (;;) {
          const { bytesWritten } = await file.write(Buffer.alloc(size));
          if (bytesWritten < size) break;
        }
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENOSPC' });
    } finally {
      await file.close();
    }
  }
});

describe('folders', () => {
  it('hold the tree in place and no older one: it would name stores that are gone', async () => {
    for (const name of ['a', 'b', 'c', 'd']) {
      bench.routes = [live(name)];
      await bench.edge.apply(signal());
    }

    expect(await readdir(`${bench.dataDir}/edge/trees`)).toHaveLength(1);
    expect((await stat(`${bench.dataDir}/edge`)).mode & 0o777).toBe(0o750);
  });
});
