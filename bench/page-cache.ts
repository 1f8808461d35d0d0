import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runCommand } from '../src/adapters/process/run-command.ts';
import { containerOf } from '../src/domain/names.ts';
import { probeUntil } from '../src/lib/deadline.ts';
import { MINUTE, SECOND } from '../src/lib/time.ts';
import type { Answer, TestPlatform } from '../test/e2e/platform.ts';
import type { Closer } from './front-door/close-all.ts';
import type { BenchContext, Benchmark, OpenBenchmark, Sample } from './harness/benchmark.ts';
import { havePackages } from './harness/have-packages.ts';
import { type Load, putUnderWrk } from './harness/put-under-wrk.ts';
import { startFileServer } from './plain/start-file-server.ts';
import { startSeedNginx } from './seed/seed-nginx.ts';
import { startSeedWeb } from './seed/seed-web.ts';
import { assertCart, CART_API, cartWith } from './stores/cart-with.ts';
import { fillShop } from './stores/fill-shop.ts';
import { openOnPlatform } from './stores/open-on-platform.ts';

const FILE = 'the front page as a file, nginx alone';
const SEED = "seed's container";
const KEPT = 'from the page cache';
const OURS = 'our container';
/** What is quick is asked for by many, what PHP makes by no more than a small shop's rush. */
const QUICK: Load = { connections: 32, seconds: 5 };
const MADE: Load = { connections: 8, seconds: 6 };
const PRODUCTS = 100;
/** A cookie that no edge knows: the shop itself is asked. */
const PAST_THE_CACHE = 'look=1';

export const benchmark: Benchmark = {
  title: "Answers per second of a WooCommerce shop's pages, over HTTPS, as fast as it goes.",
  unit: '/s',
  rounds: 5,
  warmUps: 1,
  reference: (name) => (name === FILE ? FILE : `${name.split(',')[0]}, ${SEED}`),
  partUnits: { p50: 'ms', p95: 'ms', p99: 'ms' },
  partsTitle: 'How long an answer takes meanwhile',
  notes: [
    `wrk asks without pause from one thread on the same machine, on loopback, over kept connections of TLS 1.3: ${QUICK.connections} for ${QUICK.seconds} s where no PHP is asked, ${MADE.connections} for ${MADE.seconds} s where it is. So the times are those of a server that is saturated, most of it waiting in line.`,
    `One shop of the default plan (one processor, 1 GiB) with ${PRODUCTS} products and WooCommerce's default theme and pages; nothing is changed while it is measured.`,
    "The seed's container is reconstructed from its description: Apache with PHP as a module, set as the official WordPress image sets them, behind the seed's nginx. It has the same limits and shows the same shop: same database container, same core, same plugin, same files. The seed names a Redis but nothing in its WordPress that would use it; so neither is used. Its clock rings from outside in both, which spares it work.",
    'Cart and checkout are those of a visitor who is not signed in and has one product in the cart; both show the same cart.',
    'The seed writes no log at its edge; ours writes a line for each request.',
    'The ceiling is what nginx alone makes of a file of the same packed bytes with the same TLS, without a log.',
    'What remains of a cart in our container, by a sampling profiler and the containers’ own counters of processor time: repeated merging of the theme’s styles 15 %, blocks and templates 38 %, starting WordPress and its plugins 30 %; database and object cache together a twentieth. None of that is the platform’s to change: one page takes a processor about a tenth of a second, whoever serves it. What a page asks its object cache comes at once (two questions in place of a hundred), styles are made once instead of twice, and compiled code keeps each text once: a sixth less than before, all containers together.',
    'Before the files of WordPress in our image had a time of their own, PHP kept nothing compiled of them, and the same cart took 247 ms. The seed’s container here is made of the same files, so it gains by that too.',
  ],
  open: (context) => openOnPlatform(context, openCases, { LOG_LEVEL: 'warn' }),
};

async function openCases(
  platform: TestPlatform,
  { say, signal }: BenchContext,
  closers: Closer[],
): Promise<Omit<OpenBenchmark, 'close'>> {
  const { httpsPort } = platform.config.http;
  await havePackages({ '/usr/bin/wrk': 'wrk' }, { say, signal });
  say('making a shop and what it sells');
  const { id, url } = await platform.createStore('measured', { platform: 'woocommerce' });
  const store = await platform.adapters.repositories.stores.get(id);
  const product = await fillShop(platform, containerOf(store, 'web'), PRODUCTS);
  const folder = await mkdtemp(join(tmpdir(), 'shop-bench-'));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  say("building and starting the seed's container");
  const web = await startSeedWeb(platform, store);
  closers.push(() => web.close());
  const nginx = await startSeedNginx(folder, httpsPort + 240);
  closers.push(() => nginx.stop());
  const certificateFolder = join(platform.config.dataDir, 'certificates', 'hosts', store.domain);
  await nginx.publish({ ...store, port: web.port }, certificateFolder);

  const host = new URL(url).host;
  const visit = (port: number, path: string, cookie: string, encoding = 'gzip'): Promise<Answer> =>
    platform.visit(`https://${store.domain}:${port}${path}`, {
      headers: { host, cookie, 'accept-encoding': encoding },
    });
  const under = (port: number, path: string, cookie: string, load: Load) => (): Promise<Sample> => {
    const headers = { Host: host, 'Accept-Encoding': 'gzip', ...(cookie === '' ? {} : { Cookie: cookie }) };
    return putUnderWrk({ url: `https://127.0.0.1:${port}${path}`, headers }, load, signal);
  };

  // nginx listens there once it has read its first shop.
  await probeUntil(
    async () => ((await visit(nginx.httpsPort, '/', '').catch(() => undefined))?.status === 200 ? true : undefined),
    { signal: AbortSignal.timeout(MINUTE), firstDelayMs: 200, maxDelayMs: SECOND },
  );
  const cart = await cartWith(product.id, (path) => visit(httpsPort, path, PAST_THE_CACHE, 'identity'));
  for (const port of [httpsPort, nginx.httpsPort]) assertCart(await visit(port, CART_API, cart, 'identity'));

  const cases: Record<string, () => Promise<Sample>> = {};
  const pages = { 'front page': '/', 'product page': product.path };
  for (const [name, path] of Object.entries(pages)) {
    cases[`${name}, ${KEPT}`] = async () => {
      await probeUntil(
        async () => ((await visit(httpsPort, path, '')).headers['x-cache'] === 'HIT' ? true : undefined),
        {
          signal: AbortSignal.timeout(10 * SECOND),
          firstDelayMs: 100,
          maxDelayMs: 500,
        },
      );
      return under(httpsPort, path, '', QUICK)();
    };
    cases[`${name}, ${OURS}`] = under(httpsPort, path, PAST_THE_CACHE, MADE);
    cases[`${name}, ${SEED}`] = under(nginx.httpsPort, path, PAST_THE_CACHE, MADE);
  }
  for (const [name, path] of Object.entries({ cart: '/cart/', checkout: '/checkout/' })) {
    for (const port of [httpsPort, nginx.httpsPort]) assertPage(await visit(port, path, cart, 'identity'));
    cases[`${name}, ${OURS}`] = under(httpsPort, path, cart, MADE);
    cases[`${name}, ${SEED}`] = under(nginx.httpsPort, path, cart, MADE);
  }
  const page = gzipSync((await visit(httpsPort, '/', PAST_THE_CACHE, 'identity')).body);
  const plain = await startFileServer(page, { port: httpsPort + 241, certificateFolder });
  closers.push(() => plain.close());
  return {
    facts: {
      'made of': Object.entries(store.versions).flat().join(' '),
      'bytes of the front page, packed': String(page.length),
      nginx: (await runCommand('nginx', ['-v'])).stderr.replace(/^.*\//, ''),
      wrk: (await runCommand({ path: '/usr/bin/wrk' }, ['-v'], { acceptExitCodes: [1] })).stdout.split(' ')[1] ?? '',
      engine: (await platform.adapters.docker.version()).Version,
    },
    cases: { [FILE]: under(httpsPort + 241, '/', '', QUICK), ...cases },
  };
}

function assertPage({ status, body }: Answer): void {
  if (status !== 200 || !body.includes('Rose')) throw new Error(`${status}: this is not the page that was asked for.`);
}
