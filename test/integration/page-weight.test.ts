import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../src/lib/package-root.ts';
import { MINUTE } from '../../src/lib/time.ts';
import { loadPages } from '../../src/web/server/load-pages.ts';
import { type FakeWeb, fakeWeb } from '../fakes/fake-web.ts';

const SHOPCTL = fileURLToPath(new URL('../../bin/shopctl', import.meta.url));
const KILOBYTE = 1000;
/** What a browser fetches for a page without being asked: styles, scripts, pictures; the preloaded font is not counted. */
const FETCHED = /<(?:link|script|img)\b[^>]*?\b(?:href|src)="(\/[^"]+\.(?:css|js|svg|webp))"/g;

let web: FakeWeb;
beforeAll(async () => {
  // Pages are weighed as they are served: built.
  await promisify(execFile)(process.execPath, [SHOPCTL, '--version']);
  web = fakeWeb(await loadPages(join(packageRoot(), 'build', 'pages')));
}, 5 * MINUTE);

test('the landing page is lighter than 100 kB before fonts, as a browser gets it', async () => {
  const html = await (await web.ask('/')).text();
  const paths = [...new Set([...html.matchAll(FETCHED)].map(([, path]) => path ?? ''))];
  const files = await Promise.all(paths.map(bytesOf));
  // The edge compresses what is made for the request.
  const bytes = files.reduce((sum, size) => sum + size, gzipSync(html).length);

  expect(paths.some((path) => path.endsWith('.css'))).toBe(true);
  expect(bytes).toBeLessThan(100 * KILOBYTE);
});

test('scripts and styles of more than a kilobyte are there compressed', async () => {
  const html = await (await web.ask('/signup')).text();
  const paths = [...html.matchAll(FETCHED)].map(([, path]) => path ?? '').filter((path) => /\.(?:css|js)$/.test(path));
  let large = 0;
  for (const path of paths) {
    const plain = await web.ask(path);
    const { byteLength } = await plain.arrayBuffer();
    if (byteLength < KILOBYTE) continue;
    large += 1;
    for (const encoding of ['br', 'gzip']) {
      const answer = await web.ask(path, { headers: { 'accept-encoding': encoding } });
      expect([path, answer.headers.get('content-encoding')]).toEqual([path, encoding]);
      expect(answer.headers.get('content-type')).toBe(plain.headers.get('content-type'));
      expect((await answer.arrayBuffer()).byteLength).toBeLessThan(byteLength);
    }
  }
  expect(large).toBeGreaterThan(3);
});

test('the form carries its hundreds of countries, currencies and time zones once, not again as data', async () => {
  const html = await (await web.ask('/signup')).text();

  for (const place of ['Uruguay', 'Uruguayan Peso (UYU)', 'America/Montevideo']) {
    expect([place, html.split(`>${place}<`).length - 1, html.split(`"${place}"`).length - 1]).toEqual([
      place,
      1,
      place.includes('/') ? 1 : 0,
    ]);
  }
});

async function bytesOf(path: string): Promise<number> {
  const answer = await web.ask(path, { headers: { 'accept-encoding': 'gzip, br' } });
  expect([path, answer.status]).toEqual([path, 200]);
  return (await answer.arrayBuffer()).byteLength;
}
