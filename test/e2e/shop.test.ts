import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext } from '@playwright/test';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { execInContainer } from '../../src/adapters/docker/exec-in-container.ts';
import type { DeletionPreview } from '../../src/cli/operator-actions.ts';
import { containerOf } from '../../src/domain/names.ts';
import { MINUTE, SECOND } from '../../src/lib/time.ts';
import type { StoreView } from '../../src/stores/present-store.ts';
import { zip } from '../fakes/zip.ts';
import { startSmtpServer, type TestMailServer } from '../services/smtp-server.ts';
import { newVisitor, openBrowser } from './browser.ts';
import { enterWordPress } from './enter-wordpress.ts';
import { runCli, startPlatform, type TestPlatform } from './platform.ts';
import { describeShopFiles } from './shop-files.ts';
import { describeShopOperations } from './shop-operations.ts';
import { signInToWordPress } from './sign-in-to-wordpress.ts';
import { until } from './until.ts';
import { tracesOf } from './world-snapshot.ts';

const TITLE = '--exec=echo "X" \'`$(id)` 🛒';

let platform: TestPlatform;
let chromium: Browser;
let mailServer: TestMailServer;
let hasWooCommerce = false;
beforeAll(async () => {
  mailServer = await startSmtpServer();
  platform = await startPlatform(0, { STORE_SMTP_PRIVATE: 'allowed' });
  chromium = await openBrowser([platform.config.http.port, platform.config.http.httpsPort]);
  const { items } = (await platform.ok('artifacts', 'list')) as { items: { name: string; present: boolean }[] };
  hasWooCommerce = items.some(({ name, present }) => name === 'woocommerce' && present);
});
afterAll(async () => {
  await chromium?.close();
  await platform?.destroy();
  await mailServer?.stop();
});

interface Credentials {
  readonly admin: { readonly url: string; readonly username: string; readonly password: string };
}

describe('a shop, from nothing to nothing', () => {
  let store: StoreView;

  test('is made, and answers over HTTPS with a certificate of its own', async (context) => {
    if (!hasWooCommerce) context.skip('WooCommerce is in no package registry; put its archive into ARTIFACTS_DIR');
    store = await platform.createStore('flowers', { platform: 'woocommerce', title: TITLE });
    expect(store).toMatchObject({
      status: 'active',
      platform: 'woocommerce',
      domain: 'flowers.localhost',
      error: null,
    });

    const front = await platform.visit(store.url);

    expect(front.status).toBe(200);
    expect(front.body).not.toContain('Coming soon');
    const name = await platform.visit(`${store.url}wp-json/`);
    expect((JSON.parse(name.body) as { name: string }).name.replaceAll('&quot;', '"').replaceAll('&#039;', "'")).toBe(
      TITLE,
    );
  });

  test('lets its owner in without a wizard, add a picture and a plugin, but not change what the platform keeps', async (context) => {
    if (!hasWooCommerce) context.skip('WooCommerce is not on this machine');
    const { admin } = (await platform.ok('store', 'credentials', store.id)) as unknown as Credentials;
    const browser = await newVisitor(chromium);
    try {
      const page = await browser.newPage();
      await enterWordPress(page, admin);
      await page.goto(`${store.url}wp-admin/edit.php?post_type=product`);
      // Without a product yet WooCommerce shows its page for adding the first one; the wizard is somewhere else.
      expect(page.url()).toMatch(/task=products|post_type=product/);

      await page.goto(`${store.url}wp-admin/media-new.php?browser-uploader`);
      await page.setInputFiles('#async-upload', {
        name: 'rose.png',
        mimeType: 'image/png',
        buffer: await aPicture(browser),
      });
      await Promise.all([page.waitForURL(/upload\.php/), page.click('#html-upload')]);
      const uploads = await readdir(join(platform.config.customersDir, 'stores', store.id, 'data/uploads'), {
        recursive: true,
      });
      expect(uploads.some((path) => /rose-\d+x\d+\.png$/.test(path))).toBe(true);

      await page.goto(`${store.url}wp-admin/plugin-install.php?tab=upload`);
      await page.setInputFiles('#pluginzip', {
        name: 'tiny-plugin.zip',
        mimeType: 'application/zip',
        buffer: aPlugin(),
      });
      await Promise.all([page.waitForURL(/update\.php/), page.click('#install-plugin-submit')]);
      expect(await page.textContent('body')).toContain('installed successfully');
      await page.goto(`${store.url}wp-admin/plugins.php`);
      expect(await page.locator('#deactivate-woocommerce, #delete-woocommerce').count()).toBe(0);
      page.once('dialog', (dialog) => void dialog.accept());
      await page.click('#delete-tiny-plugin');
      await page.waitForSelector('tr[data-slug=tiny-plugin].deleted', { state: 'attached' });
      const editor = await page.goto(`${store.url}wp-admin/plugin-editor.php`);
      expect(editor?.status()).toBe(403);
    } finally {
      await browser.close();
    }
  });

  test('hides what a stranger should not see', async (context) => {
    if (!hasWooCommerce) context.skip('WooCommerce is not on this machine');
    const hidden = [
      '.git/config',
      '.env',
      'wp-config.php',
      'wp-config.php.bak',
      'xmlrpc.php',
      'readme.html',
      'wp-cron.php',
    ];
    for (const path of [...hidden, 'wp-admin/install.php', 'wp-content/uploads/x.php', '?author=1']) {
      expect([path, (await platform.visit(`${store.url}${path}`)).status]).toEqual([path, 404]);
    }
    expect((await platform.visit(`${store.url}wp-json/wp/v2/users`)).status).toBe(401);
    // What the platform's own clock calls is not to be had with its header from outside either.
    expect((await platform.visit(`${store.url}wp-cron.php`, { headers: { 'x-shop-cron': '1' } })).status).toBe(404);
  });

  test('sells: a buyer pays, and the order’s mails arrive at the server of its owner’s choice', async (context) => {
    if (!hasWooCommerce) context.skip('WooCommerce is not on this machine');
    await platform.ok(
      ...['store', 'mail', store.id, '--way', 'own', '--from', 'flowers@example.org', '--sender-name', 'Flowers'],
      ...['--host', '127.0.0.1', '--port', String(mailServer.port), '--tls', 'none'],
    );
    const product = await addProduct(store);
    const browser = await newVisitor(chromium);
    try {
      const page = await browser.newPage();
      await page.goto(`${store.url}?add-to-cart=${product}`);
      await page.goto(`${store.url}checkout/`);
      await page.waitForSelector('#email');
      await page.fill('#email', 'buyer@example.com');
      const address = {
        first_name: 'Ann',
        last_name: 'Buyer',
        address_1: '1 Main',
        city: 'Springfield',
        postcode: '90001',
      };
      for (const [field, value] of Object.entries(address)) await page.fill(`#shipping-${field}`, value);
      await page.keyboard.press('Tab');
      await page.waitForLoadState('networkidle');
      // WooCommerce swallows the click while it still sends the address on.
      for (let tries = 0; tries < 6 && !page.url().includes('order-received'); tries += 1) {
        await page.locator('.wc-block-components-checkout-place-order-button').click();
        await page.waitForURL(/order-received/, { timeout: 8 * SECOND }).catch(() => undefined);
      }
      expect(page.url()).toContain('order-received');
    } finally {
      await browser.close();
    }

    const mails = await until(async () => (mailServer.mails.length >= 2 ? mailServer.mails : undefined), MINUTE);
    const { admin } = (await platform.ok('store', 'credentials', store.id)) as unknown as Credentials & {
      admin: { email: string };
    };
    expect(mails.flatMap(({ to }) => to).toSorted()).toEqual([admin.email, 'buyer@example.com'].toSorted());
    for (const { from, raw } of mails) {
      const { subject, from: sender } = await simpleParser(raw);
      expect([from, sender?.text]).toEqual(['flowers@example.org', '"Flowers" <flowers@example.org>']);
      expect(subject).toMatch(/order/i);
    }
  });

  test('runs in the one profile, its secrets nowhere but in their files', async (context) => {
    if (!hasWooCommerce) context.skip('WooCommerce is not on this machine');
    const { admin, database } = (await platform.ok('store', 'credentials', store.id)) as unknown as Credentials & {
      database: { password: string };
    };
    const { docker } = platform.adapters;
    for (const service of ['web', 'db', 'cache']) {
      const text = JSON.stringify(await docker.getContainer(containerOf(store, service)).inspect());
      for (const secret of [admin.password, database.password]) expect(text).not.toContain(secret);
    }
    const root = join(platform.config.customersDir, 'stores', store.id);
    for (const file of ['compose.yml', '.env']) {
      const text = await readFile(join(root, file), 'utf8');
      for (const changing of ['flowers', 'example.com', 'starter', database.password])
        expect(text).not.toContain(changing);
    }
    const logs = await readFile(join(platform.config.dataDir, 'logs', 'worker.log'), 'utf8');
    for (const secret of [admin.password, database.password]) expect(logs).not.toContain(secret);
  });

  test('is deleted, and nothing of it is left but the audit log', async (context) => {
    if (!hasWooCommerce) context.skip('WooCommerce is not on this machine');
    // A look beforehand names what is there, and takes nothing of it.
    const before = await tracesOf(platform, store);
    const preview = (await platform.ok('store', 'delete', store.id, '--dry-run')) as unknown as DeletionPreview;
    expect(preview.containers.map((name) => `/${name}`)).toEqual(before['containers']?.toSorted());
    expect(preview.networks).toEqual(before['networks']?.toSorted());
    expect(preview.folders.filter(({ path }) => !path.includes(store.id))).toEqual([]);
    // The store's own folder first, then what is in it: some of that is empty.
    const sizes = preview.folders.map(({ bytes }) => bytes);
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBe(sizes[0]);
    expect(sizes[0]).toBeGreaterThan(0);
    expect([preview.domains.includes(store.domain), preview.port]).toEqual([true, store.port]);
    expect((await platform.store(store.id)).status).toBe('active');

    await platform.ok('store', 'delete', store.id, '--yes', '--wait');
    expect(await tracesOf(platform, store)).toEqual({});
    expect((await platform.cli('store', 'show', store.id)).exitCode).toBe(3);
    const audit = await platform.adapters.repositories.audit.list({ target: store.id });
    expect(audit.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['store.created', 'store.activated', 'store.deleted']),
    );
  });
});

let operated: StoreView;
describeShopOperations('WordPress', async () => {
  operated = await platform.createStore('operated', { platform: hasWooCommerce ? 'woocommerce' : 'wordpress' });
  const store = operated;
  return { platform, store, signIn: (admin) => signInToWordPress(platform, store, admin) };
});

describeShopFiles(() => ({ platform, store: operated }));

describe('a page of a shop', () => {
  test('is kept for strangers, made for who has a cart, and shows a change as soon as it is made', async () => {
    const [make, change] = hasWooCommerce
      ? [
          `$p = new WC_Product_Simple(); $p->set_name('Rose'); $p->set_regular_price('5.25'); $id = $p->save();`,
          `$p = wc_get_product($id); $p->set_regular_price('7.75'); $p->save();`,
        ]
      : [
          `$id = wp_insert_post(['post_title' => '5.25', 'post_status' => 'publish']);`,
          `wp_update_post(['ID' => $id, 'post_title' => '7.75']);`,
        ];
    const [id, url] = (await inShop(operated, `${make} echo $id, ' ', get_permalink($id);`)).split(' ');
    if (url === undefined) throw new Error('Nothing was made.');
    // It says that something changed, too.
    await until(async () => (await seen(url)).cache === 'HIT' || undefined, MINUTE);
    expect(await seen(url)).toMatchObject({ cache: 'HIT', body: expect.stringContaining('5.25') });
    const withCart = { cookie: 'woocommerce_items_in_cart=1; woocommerce_cart_hash=abc' };
    expect((await seen(url, withCart)).cache).toBe('BYPASS');

    await inShop(operated, `$id = ${Number(id)}; ${change}`);
    await until(async () => (await seen(url)).body.includes('7.75') || undefined, 10 * SECOND);

    await platform.ok('store', 'cache', operated.id, 'off');
    expect((await seen(url)).cache).toBeUndefined();
    if (!hasWooCommerce) return;
    await platform.ok('store', 'cache', operated.id, 'on');
    // By another name than the edge knows it by.
    await inShop(operated, `wp_update_post(['ID' => wc_get_page_id('myaccount'), 'post_name' => 'mein-konto']);`);
    const [account, again] = [await seen(`${operated.url}mein-konto/`), await seen(`${operated.url}mein-konto/`)];
    expect([account.status, again.cache, again.control]).toEqual([200, 'BYPASS', expect.stringContaining('no-store')]);
  });

  test('is made anew after an order that takes from the stock; menus, looks, taxes and the order of categories say so, carts and customers do not', async (context) => {
    if (!hasWooCommerce) context.skip('WooCommerce is not on this machine');
    const make = `$p = new WC_Product_Simple(); $p->set_name('Tulip'); $p->set_regular_price('3'); $p->set_manage_stock(true); $p->set_stock_quantity(9);
      $id = $p->save(); $person = wc_create_new_customer('ann@example.com', 'ann', 'Str0ng-Enough!'); echo $id, ' ', $person, ' ', get_permalink($id);`;
    const [product, person, url] = (await inShop(operated, make)).split(' ');
    if (url === undefined) throw new Error('Nothing was made.');
    await until(async () => (await seen(url)).cache === 'HIT' || undefined, MINUTE);
    expect((await seen(url)).body).toContain('9 in stock');
    await inShop(
      operated,
      `$o = wc_create_order(['customer_id' => ${person}]); $o->add_product(wc_get_product(${product}), 2); $o->calculate_totals(); $o->payment_complete();`,
    );
    await until(async () => (await seen(url)).body.includes('7 in stock') || undefined, 10 * SECOND);

    const signal = join(platform.config.customersDir, 'stores', operated.id, 'data/wp-cache/purge');
    const said = async (act: () => Promise<unknown>): Promise<boolean> => {
      const before = await readFile(signal, 'utf8');
      await act();
      return before !== (await readFile(signal, 'utf8'));
    };
    const shows = {
      menu: `wp_update_nav_menu_item(wp_create_nav_menu('Footer'), 0, ['menu-item-title' => 'x', 'menu-item-url' => 'https://x.example/', 'menu-item-status' => 'publish']);`,
      looks: `$was = get_stylesheet(); $plain = get_theme_root() . '/plain'; mkdir($plain); file_put_contents("$plain/style.css", '/* Theme Name: Plain */'); touch("$plain/index.php"); switch_theme('plain'); switch_theme($was);`,
      stock: `wc_update_product_stock(${product}, 5);`,
      taxes: `WC_Tax::_insert_tax_rate(['tax_rate_country' => 'DE', 'tax_rate' => '19', 'tax_rate_name' => 'VAT']);`,
      attributes: `wc_create_attribute(['name' => 'Colour']);`,
      categories: `foreach (['A', 'B'] as $name) { wp_insert_term($name, 'product_cat'); }`,
      order: `wc_reorder_terms(get_term_by('name', 'B', 'product_cat'), get_term_by('name', 'A', 'product_cat')->term_id, 'product_cat');`,
    };
    const heard: Record<string, boolean> = {};
    for (const [what, code] of Object.entries(shows)) heard[what] = await said(() => inShop(operated, code));
    expect(heard).toEqual(Object.fromEntries(Object.keys(shows).map((what) => [what, true])));

    const moved = `$c = new WC_Customer(${person}); $c->set_billing_city(uniqid()); $c->set_first_name(uniqid()); $c->save();`;
    // The shop's own clock may have something to say meanwhile: what empties the pages does so each time.
    await until(async () => !(await said(() => inShop(operated, moved))) || undefined, MINUTE);
    const isAdded = async () => expect((await seen(`${operated.url}?add-to-cart=${product}`)).status).toBeLessThan(400);
    await until(async () => !(await said(isAdded)) || undefined, MINUTE);
  });

  async function seen(url: string, headers: Record<string, string> = {}) {
    const { status, body, headers: answered } = await platform.visit(url, { headers: { cookie: '', ...headers } });
    return { status, body, cache: answered['x-cache'], control: answered['cache-control'] };
  }
});

describe('a platform whose images are not here', () => {
  test('is refused with the exact cure, and nothing is begun', async () => {
    const absent = { MAGENTO_IMAGE: 'shophosting-test/absent:1', SEARCH_IMAGE: 'shophosting-test/absent:2' };
    const wish = ['--platform', 'magento', '--name', 'not-here', '--email', 'owner@example.com'];
    const { exitCode, json } = await runCli({ ...platform.settings, ...absent }, ['store', 'create', ...wish]);

    expect(exitCode).toBe(1);
    expect(json).toMatchObject({
      error: { code: 'platform_unavailable', hint: expect.stringContaining('shopctl images prepare magento') },
    });
    expect((await platform.cli('store', 'show', 'not-here')).exitCode).toBe(3);
  });
});

describe('many at once', () => {
  const COUNT = 20;

  test(
    `${COUNT} stores asked for at the same moment are all made, nothing is given twice`,
    async () => {
      const made = await Promise.all(
        Array.from({ length: COUNT }, (_, index) => platform.createStore(`burst-${index}`, { wait: false })),
      );
      const active: StoreView[] = [];
      for (const { id } of made) active.push(await platform.settled(id, ['active'], 15 * MINUTE));

      const stores = await platform.adapters.repositories.stores.list();
      const given: (number | string)[][] = [
        stores.map(({ port }) => port),
        stores.map(({ uid }) => uid),
        stores.map(({ network }) => network.subnet),
      ];
      for (const facts of given) expect(new Set(facts).size).toBe(stores.length);
      for (const { url } of active) expect((await platform.visit(url)).status).toBe(200);
      // More than the ten of the default range: it grew by itself, and said so.
      expect(Math.max(...stores.map(({ port }) => port))).toBeGreaterThan(platform.config.ports.end);

      await Promise.all(made.map(({ id }) => platform.ok('store', 'delete', id, '--yes')));
      for (const { id } of made) await platform.gone(id, 5 * MINUTE);
      for (const store of made) expect(await tracesOf(platform, store)).toEqual({});
    },
    30 * MINUTE,
  );
});

/** A plain picture, large enough for every thumbnail; drawn by the browser that is there anyway. */
async function aPicture(browser: BrowserContext): Promise<Buffer> {
  const page = await browser.newPage();
  await page.setContent('<body style="background: linear-gradient(red, white)"></body>');
  const picture = await page.screenshot();
  await page.close();
  return picture;
}

/** The smallest plugin there is, as the zip an owner would upload. */
const aPlugin = (): Buffer => zip({ 'tiny-plugin/tiny-plugin.php': '<?php\n/* Plugin Name: Tiny Plugin */\n' });

/** As the owner would with wp-admin, but by the shop's own code inside the container. Returns what it prints last. */
async function inShop(store: StoreView, code: string): Promise<string> {
  const { docker } = platform.adapters;
  const { output } = await execInContainer(docker, containerOf(store, 'web'), ['wp', 'eval', code], {
    signal: AbortSignal.timeout(MINUTE),
  });
  return output.trim().split('\n').at(-1) ?? '';
}

async function addProduct(store: StoreView): Promise<number> {
  const code = `$p = new WC_Product_Simple(); $p->set_name('Rose'); $p->set_regular_price('5'); $p->set_virtual(false); echo $p->save();`;
  const id = Number(await inShop(store, code));
  if (!(id > 0)) throw new Error('No product was made.');
  return id;
}
