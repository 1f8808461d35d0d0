import { readFile } from 'node:fs/promises';
import { type ClientHttp2Session, connect, type IncomingHttpHeaders, type IncomingHttpStatusHeader } from 'node:http2';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { execInContainer } from '../../src/adapters/docker/exec-in-container.ts';
import { containerOf } from '../../src/domain/names.ts';
import { MINUTE } from '../../src/lib/time.ts';
import type { StoreView } from '../../src/stores/present-store.ts';
import type { TestPlatform } from './platform.ts';

const YEAR = 'public, max-age=31536000, immutable';
const WEEK = 'public, max-age=604800';
/** Large, of WordPress itself. */
const SCRIPT = '/wp-includes/js/jquery/jquery.min.js';
/** Where the shop's nginx reaches PHP. */
const PHP_SOCKET = '/run/shop/php-fpm.sock';

/** What every shop of WordPress promises of its files, asked for as a browser does: all by one connection of HTTP/2, through the edge. */
export function describeShopFiles(prepare: () => { readonly platform: TestPlatform; readonly store: StoreView }): void {
  describe('files of a shop', () => {
    let platform: TestPlatform;
    let store: StoreView;
    let door: ClientHttp2Session;
    /** One of the theme, one of an upload. */
    let theme: string;
    let picture: string;
    beforeAll(async () => {
      ({ platform, store } = prepare());
      const { dataDir, http } = platform.config;
      const ca = await readFile(join(dataDir, 'certificates/local-ca/ca.crt'), 'utf8');
      door = connect(`https://127.0.0.1:${http.httpsPort}`, { servername: store.domain, ca });
      const uploads = `wp_upload_dir()['basedir']`;
      const made = await inWeb(
        'wp',
        'eval',
        `file_put_contents(${uploads} . '/rose.png', 'a rose'); echo get_stylesheet();`,
      );
      theme = `/wp-content/themes/${made.trim().split('\n').at(-1)}/style.css`;
      picture = '/wp-content/uploads/rose.png';
    });
    afterAll(() => door?.close());

    test('come as brotli, by gzip or as they are, whichever the browser can read, and say that this decides', async () => {
      const plain = await get(SCRIPT);
      const packed = {
        gzip: await get(SCRIPT, { 'accept-encoding': 'gzip' }),
        br: await get(SCRIPT, { 'accept-encoding': 'gzip, deflate, br, zstd' }),
      };

      expect([plain.status, plain.headers['content-encoding']]).toEqual([200, undefined]);
      expect(packed.gzip.headers['content-encoding']).toBe('gzip');
      expect(packed.br.headers['content-encoding']).toBe('br');
      const refused = await get(SCRIPT, { 'accept-encoding': 'gzip, br;q=0' });
      expect(refused.headers['content-encoding']).toBe('gzip');
      for (const { headers } of [plain, packed.gzip, packed.br]) expect(headers.vary).toContain('Accept-Encoding');
      expect(plain.body.toString()).toContain('jQuery');
      expect(gunzipSync(packed.gzip.body).equals(plain.body)).toBe(true);
      expect(brotliDecompressSync(packed.br.body).equals(plain.body)).toBe(true);
      expect(packed.br.body.length).toBeLessThan(packed.gzip.body.length);
      expect(packed.gzip.body.length).toBeLessThan(plain.body.length / 2);
    });

    test('are kept for a year where the address names a version, else for a week; what is missing is not kept', async () => {
      for (const path of [SCRIPT, theme, picture]) {
        const [versioned, plain] = [await get(`${path}?ver=1`), await get(path)];
        expect([path, versioned.status, versioned.headers['cache-control']]).toEqual([path, 200, YEAR]);
        expect([path, plain.status, plain.headers['cache-control']]).toEqual([path, 200, WEEK]);
        const { etag, 'last-modified': time } = plain.headers;
        // Files that came without a time of their own would all be the same to a browser.
        expect([etag, time]).toEqual([expect.not.stringMatching(/"0-/), expect.not.stringContaining('1970')]);
        const again = await get(`${path}?ver=1`, { 'if-none-match': etag ?? '' });
        expect([path, again.status, again.headers['cache-control']]).toEqual([path, 304, YEAR]);
      }
      const missing = await get('/wp-content/uploads/no-rose.png?ver=1');
      expect([missing.status, missing.headers['cache-control']]).toEqual([404, expect.stringContaining('no-store')]);
    });

    test('come while PHP cannot answer at all', async () => {
      await inWeb('mv', PHP_SOCKET, `${PHP_SOCKET}-away`);
      try {
        expect((await get('/', { cookie: 'look=1' })).status).toBe(502);
        const files = await Promise.all([SCRIPT, theme, picture].flatMap((path) => [get(path), get(`${path}?ver=2`)]));
        expect(files.map(({ status }) => status)).toEqual(files.map(() => 200));
        // Nor is it asked to refuse a program among the uploads.
        expect((await get('/wp-content/uploads/rose.php')).status).toBe(404);
      } finally {
        await inWeb('mv', `${PHP_SOCKET}-away`, PHP_SOCKET);
      }
      expect((await get('/', { cookie: 'look=1' })).status).toBe(200);
    });

    /** What the command prints. Throws when it fails. */
    async function inWeb(...argv: string[]): Promise<string> {
      const web = containerOf(store, 'web');
      const signal = AbortSignal.timeout(MINUTE);
      const { output, exitCode } = await execInContainer(platform.adapters.docker, web, argv, { signal });
      if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with ${exitCode}: ${output}`);
      return output;
    }

    function get(
      path: string,
      headers: Readonly<Record<string, string>> = {},
    ): Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }> {
      return new Promise((resolve, reject) => {
        const stream = door.request({ ':path': path, ':authority': new URL(store.url).host, ...headers });
        const chunks: Buffer[] = [];
        let answered: IncomingHttpHeaders & IncomingHttpStatusHeader = {};
        stream.on('response', (head) => (answered = head));
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.once('end', () =>
          resolve({ status: answered[':status'] ?? 0, headers: answered, body: Buffer.concat(chunks) }),
        );
        stream.once('error', reject);
      });
    }
  });
}
