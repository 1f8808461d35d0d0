import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DownloadSource } from '../../src/adapters/artifacts/catalogue.ts';
import { download } from '../../src/adapters/artifacts/sources/download.ts';
import { SECOND } from '../../src/lib/time.ts';

/** A vendor on this machine's loopback: what it serves and publishes is up to each test. */
const PLUGIN = '<?php\n/* Plugin Name: WooCommerce\n * Version: 11.0.1\n */\n';
const FILES = { 'woocommerce.php': PLUGIN, 'readme.txt': 'read me' };

let server: Server;
let base: string;
let folder: string;
let archive: Buffer;
const pages = new Map<string, Buffer | string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'downloads-'));
  const members = pack();
  for (const [name, text] of Object.entries(FILES)) members.entry({ name: `woocommerce/${name}` }, text);
  members.finalize();
  archive = gzipSync(await buffer(members));
  server = createServer((request, response) => {
    if (request.url === '/silent') return;
    const page = pages.get(request.url ?? '');
    response.statusCode = page === undefined ? 404 : 200;
    response.end(page ?? 'nothing');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  pages.set('/archive', archive);
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const sum = (algorithm: string, content: Buffer | string): string =>
  createHash(algorithm).update(content).digest('hex');

async function fetchWith(source: Partial<DownloadSource>, pin?: string) {
  const work = await mkdtemp(join(folder, 'work-'));
  return download(
    { kind: 'download', version: '11.0.1', url: `${base}/archive`, ...source },
    { work, signal: AbortSignal.timeout(30 * SECOND), onProgress: () => undefined },
    pin,
  );
}

const withSums = (files: Record<string, string>): Partial<DownloadSource> => {
  const list = Object.entries(files).map(([name, text]) => [name, { sha256: sum('sha256', text) }] as const);
  pages.set('/sums.json', JSON.stringify({ plugin: 'woocommerce', files: Object.fromEntries(list) }));
  return { published: { form: 'plugin-checksums', url: `${base}/sums.json` } };
};

describe('a file from its vendor', () => {
  it('is taken when it is the pinned one, and refused by name when it is not', async () => {
    const { file } = await fetchWith({ sha256: sum('sha256', archive) });

    expect(await readFile(file)).toEqual(archive);
    await expect(fetchWith({ sha256: 'ab'.repeat(32) })).rejects.toMatchObject({
      code: 'artifact_refused',
      message: expect.stringContaining(`not ${'ab'.repeat(32)}`) as string,
    });
  });

  it('is judged by the operator’s own sum, whatever else is said of it', async () => {
    pages.set('/archive.sha512', sum('sha512', 'another'));
    const published = { form: 'sha512-file', url: `${base}/archive.sha512` } as const;
    const other = 'ab'.repeat(32);
    const mine = sum('sha256', archive);

    expect((await fetchWith({ published }, mine)).checkedBy).toBe('sha256 of your settings');
    expect((await fetchWith({ sha256: other }, mine)).checkedBy).toBe('sha256 of your settings');
    await expect(fetchWith({ sha256: mine }, other)).rejects.toMatchObject({
      code: 'artifact_refused',
      message: expect.stringContaining(`not ${other}`) as string,
    });
  });

  it('without a pin is checked by the sum that the vendor publishes', async () => {
    const published = { form: 'sha1-file', url: `${base}/archive.sha1` } as const;
    pages.set('/archive.sha1', `${sum('sha1', archive)}  archive\n`);
    const good = await fetchWith({ published });
    pages.set('/archive.sha1', sum('sha1', 'another'));

    expect(good.checkedBy).toMatch(/sha1/);
    await expect(fetchWith({ published })).rejects.toMatchObject({ code: 'artifact_refused' });
  });

  it('or file by file: each must be the published one, none may be missing, none be there besides', async () => {
    const good = await fetchWith(withSums(FILES));

    expect(good.checkedBy).toMatch(/all files/);
    await expect(fetchWith(withSums({ ...FILES, 'readme.txt': 'other' }))).rejects.toThrow(/"readme.txt" that is not/);
    await expect(fetchWith(withSums({ 'woocommerce.php': PLUGIN }))).rejects.toThrow(/"readme.txt" that is not/);
    await expect(fetchWith(withSums({ ...FILES, 'more.php': 'x' }))).rejects.toThrow(/holds 2 of the vendor's 3 files/);
  });

  it('that can be checked by nothing is refused', async () => {
    await expect(fetchWith({})).rejects.toMatchObject({
      code: 'artifact_refused',
      message: expect.stringMatching(/checked by nothing/) as string,
    });
    await expect(fetchWith({ published: { form: 'sha1-file', url: `${base}/gone` } })).rejects.toMatchObject({
      code: 'artifact_missing',
    });
  });

  it('is given up within seconds when the vendor is silent, unknown or has no such file', async () => {
    const startedAt = performance.now();
    const failures = await Promise.allSettled([
      fetchWith({ url: `${base}/silent` }),
      fetchWith({ url: 'https://vendor.invalid/archive' }),
      fetchWith({ url: `${base}/gone` }),
    ]);

    expect(failures.map((failure) => (failure.status === 'rejected' ? failure.reason : 'served'))).toMatchObject([
      { code: 'artifact_missing', retryable: true, message: expect.stringContaining('no answer in time') as string },
      { code: 'artifact_missing', retryable: true },
      { code: 'artifact_missing', retryable: true, message: expect.stringContaining('answered 404') as string },
    ]);
    expect(performance.now() - startedAt).toBeLessThan(12 * SECOND);
  });
});
