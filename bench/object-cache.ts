import { mkdtemp, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { containerOf } from '../src/domain/names.ts';
import type { Store } from '../src/domain/store.ts';
import { probeUntil } from '../src/lib/deadline.ts';
import { MINUTE, SECOND } from '../src/lib/time.ts';
import type { TestPlatform } from '../test/e2e/platform.ts';
import type { Closer } from './front-door/close-all.ts';
import type { BenchContext, Benchmark, OpenBenchmark, Sample } from './harness/benchmark.ts';
import { assertCart, CART_API, cartWith, cookiesOf } from './stores/cart-with.ts';
import { addOrders, fillShop, inShop } from './stores/fill-shop.ts';
import { openOnPlatform } from './stores/open-on-platform.ts';
import { visitWeb, type WebAddress } from './stores/visit-web.ts';
import { startWebWithoutObjectCache } from './stores/web-without-object-cache.ts';
import { type Watch, type Work, watchWork } from './stores/work-of-store.ts';

const WITH = 'with the object cache';
const WITHOUT = 'without';
const ASKED_PER_ROUND = 10;
const PRODUCTS = 100;
const ORDERS = 40;

/** Who asks for a page: a guest with an empty basket, one with something in it, the shop's owner. */
type Visitor = 'guest' | 'buyer' | 'owner';

interface Page {
  readonly path: string;
  readonly visitor: Visitor;
  /** What tells that it is the page, with what was put into the shop on it. */
  readonly shows: string;
}

/** The container that answers for a shop; `keeps`: does it use the object cache? */
interface Web {
  readonly container: string;
  readonly port: number;
  readonly keeps: boolean;
  readonly agent: Agent;
}

/** One of the two shops, ready to be asked. */
interface Shop {
  readonly address: WebAddress;
  readonly keeps: boolean;
  readonly cookies: Readonly<Record<Visitor, string>>;
  readonly pages: Readonly<Record<string, Page>>;
  readonly watch: Watch;
}

const UNITS = {
  statements: '',
  commands: '',
  'processor time, all': 'ms',
  'processor time, web': 'ms',
  'processor time, database': 'ms',
  'processor time, object cache': 'ms',
} as const;

export const benchmark: Benchmark = {
  title: "From asking a WooCommerce shop's container for a page to its last byte, with its object cache and without.",
  unit: 'ms',
  rounds: 10,
  warmUps: 1,
  reference: (name) => `${name.split(',')[0]}, ${WITHOUT}`,
  partUnits: UNITS,
  partsTitle: 'What a page takes',
  notes: [
    `Two shops of the default plan (one processor and 1 GiB), filled alike: ${PRODUCTS} products, ${ORDERS} orders, WooCommerce's default theme and pages. In one of them a container answers that is the store's own in all but the object cache's file, which is empty there: WordPress then keeps what it read for one page and no longer.`,
    `One visitor at a time, by a connection that is kept, accepting gzip, past edge and page cache: the container itself is asked over plain http on loopback. Each round asks for each page ${ASKED_PER_ROUND} times in a row.`,
    'Cart and checkout are those of a guest with one product in the cart; orders and products are the lists of wp-admin, asked by the owner.',
    '`statements` are what the database counts as sent by clients (`Questions`), `commands` what Redis counts; both, and processor time by the containers’ cgroups, are means of each round, so the median of the rounds is told. What a store does besides, a health check and a minute’s clock, falls into some of them.',
    'Nothing is changed while it is measured, and the database has everything in its memory: the most favourable case for a shop without an object cache.',
  ],
  open: (context) => openOnPlatform(context, openCases, { LOG_LEVEL: 'warn' }),
};

async function openCases(
  platform: TestPlatform,
  { say }: BenchContext,
  closers: Closer[],
): Promise<Omit<OpenBenchmark, 'close'>> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  closers.push(() => agent.destroy());
  say('making two shops and what they sell');
  const [kept, forgetful] = await Promise.all([makeShop(platform, 'kept'), makeShop(platform, 'forgetful')]);
  const folder = await mkdtemp(join(tmpdir(), 'shop-bench-'));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  const other = await startWebWithoutObjectCache(platform, forgetful.store, folder);
  closers.push(() => other.close());

  const own = { container: containerOf(kept.store, 'web'), port: kept.store.port };
  const shops = {
    [WITH]: await openShop(platform, kept, { ...own, keeps: true, agent }),
    [WITHOUT]: await openShop(platform, forgetful, { ...other, keeps: false, agent }),
  };
  const cases = Object.keys(shops[WITH].pages).flatMap((name) =>
    Object.entries(shops).map(([which, shop]) => [`${name}, ${which}`, () => askOften(shop, name)] as const),
  );
  return {
    facts: {
      'made of': Object.entries(kept.store.versions).flat().join(' '),
      engine: (await platform.adapters.docker.version()).Version,
    },
    cases: Object.fromEntries(cases),
  };
}

interface FilledStore {
  readonly store: Store;
  readonly host: string;
  readonly product: { readonly id: number; readonly path: string };
}

async function makeShop(platform: TestPlatform, name: string): Promise<FilledStore> {
  const { id, url } = await platform.createStore(name, { platform: 'woocommerce' });
  const store = await platform.adapters.repositories.stores.get(id);
  const container = containerOf(store, 'web');
  const product = await fillShop(platform, container, PRODUCTS);
  await addOrders(platform, container, product, ORDERS);
  return { store, host: new URL(url).host, product };
}

/** Resolves when every page of it has been shown as it should be. */
async function openShop(
  platform: TestPlatform,
  { store, host, product }: FilledStore,
  { container, port, keeps, agent }: Web,
): Promise<Shop> {
  const address: WebAddress = { port, host, agent };
  await probeUntil(
    async () => ((await visitWeb(address, '/').catch(() => undefined))?.status === 200 ? true : undefined),
    { signal: AbortSignal.timeout(MINUTE), firstDelayMs: 200, maxDelayMs: SECOND },
  );
  await assertKeeps(platform, container, keeps);
  const buyer = await cartWith(product.id, (path) => visitWeb(address, path));
  assertCart(await visitWeb(address, CART_API, { cookie: buyer }));
  const { admin } = (await platform.ok('store', 'credentials', store.id)) as unknown as {
    readonly admin: { readonly username: string; readonly password: string };
  };
  const form = { log: admin.username, pwd: admin.password };
  const signedIn = await visitWeb(address, '/wp-login.php', { form });
  if (signedIn.status !== 302) throw new Error(`The owner was answered with ${signedIn.status}.`);
  const shop: Shop = {
    address,
    keeps,
    cookies: { guest: '', buyer, owner: cookiesOf(signedIn.headers) },
    watch: await watchWork(platform.adapters.docker, store, container),
    pages: {
      'shop page': { path: '/shop/', visitor: 'guest', shows: 'Rose 1' },
      'product page': { path: product.path, visitor: 'guest', shows: `Rose ${PRODUCTS}` },
      cart: { path: '/cart/', visitor: 'buyer', shows: `Rose ${PRODUCTS}` },
      checkout: { path: '/checkout/', visitor: 'buyer', shows: 'Rose' },
      "owner's orders": { path: '/wp-admin/admin.php?page=wc-orders', visitor: 'owner', shows: 'Buyer ' },
      "owner's products": { path: '/wp-admin/edit.php?post_type=product', visitor: 'owner', shows: 'Rose ' },
    },
  };
  for (const { path, visitor, shows } of Object.values(shop.pages)) {
    const { status, body } = await visitWeb(address, path, { cookie: shop.cookies[visitor] });
    if (status !== 200 || !body.includes(shows))
      throw new Error(`${path} was answered with ${status}, and is not the page that was asked for.`);
  }
  return shop;
}

/** Milliseconds to the last byte, of each time; what that took of the store, per page, is told with the first. */
async function askOften({ address, keeps, cookies, pages, watch }: Shop, name: string): Promise<Sample[]> {
  const page = pages[name];
  if (page === undefined) throw new Error(`There is no ${name}.`);
  const [samples, work] = await watch(async () => {
    const taken: Sample[] = [];
    while (taken.length < ASKED_PER_ROUND) {
      const startedAt = performance.now();
      const { status } = await visitWeb(address, page.path, { cookie: cookies[page.visitor], packed: true });
      if (status !== 200) throw new Error(`${name} was answered with ${status}.`);
      taken.push({ total: performance.now() - startedAt });
    }
    return taken;
  });
  const [first, ...others] = samples;
  return first === undefined ? [] : [{ ...first, parts: partsOf(work, keeps) }, ...others];
}

function partsOf({ statements, commands, web, database, cache }: Work, keeps: boolean): Record<string, number> {
  const all = {
    statements,
    ...(keeps ? { commands } : {}),
    'processor time, all': web + database + (keeps ? cache : 0),
    'processor time, web': web,
    'processor time, database': database,
    ...(keeps ? { 'processor time, object cache': cache } : {}),
  } satisfies Partial<Record<keyof typeof UNITS, number>>;
  return Object.fromEntries(Object.entries(all).map(([part, amount]) => [part, amount / ASKED_PER_ROUND]));
}

/** Throws unless WordPress in this container keeps what it read between two pages, or does not. */
async function assertKeeps(platform: TestPlatform, container: string, expected: boolean): Promise<void> {
  const code = `echo wp_using_ext_object_cache() && $GLOBALS['wp_object_cache']->is_connected() ? 'keeps' : 'forgets';`;
  const said = await inShop(platform, container, code);
  if (said !== (expected ? 'keeps' : 'forgets')) throw new Error(`The shop in ${container} ${said}.`);
}
