import type { BrowserContext, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { STEP_NAMES } from '../../../src/domain/run.ts';
import { MINUTE } from '../../../src/lib/time.ts';
import { stepTitlesOf } from '../../../src/provisioning/step-titles.ts';
import { stackOf } from '../../../src/stacks/index.ts';
import type { StoreView } from '../../../src/stores/present-store.ts';
import { complaintsOf, expectPage, newVisitor } from '../browser.ts';
import { signUp, untilOpen } from '../front-door/world.ts';
import { mailsFrom } from '../outbox.ts';
import { until } from '../until.ts';
import { adminOf, enterFirstTime } from './administration.ts';
import { addProduct, orderAsGuest, type Product, restOf, type ShopRest } from './shop-rest.ts';
import { type MagentoWorld, ownersRest, ROSES } from './world.ts';

export const ROSE: Product = { sku: 'rose-1', name: 'Crimson Climber', price: 12.5 };
const ROSE_PATH = 'crimson-climber.html';
const CATEGORY = 'Flowers';
export const CATEGORY_PATH = 'flowers.html';
export const SEARCH_PATH = 'catalogsearch/result/?q=climber';

export function describeSignUp(theWorld: () => MagentoWorld): void {
  describe('from the form to the open shop', () => {
    test('a plan that is too small for it is refused with the reason', async () => {
      const wish = ['--platform', 'magento', '--plan', 'starter', '--name', 'too-small', '--email', ROSES.email];
      const { exitCode, json } = await theWorld().platform.cli('store', 'create', ...wish);
      expect([exitCode, json['error']]).toEqual([
        2,
        expect.objectContaining({ message: expect.stringMatching(/needs 2 GB of memory.*business, scale/) }),
      ]);
    });

    test('whoever signs up for Magento watches ten steps in its own words, and finds an open shop', async () => {
      const { platform, browser } = theWorld();
      const context = await newVisitor(browser);
      onTestFinished(() => context.close());
      const page = await context.newPage();
      const id = await signUp(theWorld(), page, ROSES);
      const titleOf = stepTitlesOf(stackOf('magento'));
      for (const step of STEP_NAMES) {
        await expectPage(page.locator('ol.steps > li').filter({ hasText: titleOf(step) })).toHaveCount(1);
      }
      await untilOpen(page);

      const store = await platform.store(id);
      expect(store).toMatchObject({ platform: 'magento', plan: 'business', status: 'active' });
      const front = await platform.visit(store.url);
      expect(front.status).toBe(200);
      expect(front.body).toContain('Magento_Theme');
    });
  });
}

/** In the shop that `describeSignUp` leaves; it leaves a product in it. */
export function describeSelling(theWorld: () => MagentoWorld): void {
  describe('from the open shop to the first order', () => {
    let context: BrowserContext;
    let page: Page;
    let store: StoreView;
    let rest: ShopRest;
    beforeAll(async () => {
      const { browser, platform } = theWorld();
      context = await newVisitor(browser);
      page = await context.newPage();
      store = await platform.store(ROSES.name);
    });
    afterAll(() => context?.close());

    test('the administration is where nobody finds it; its owner gets in with a second factor, for which a mail comes', async () => {
      const { platform } = theWorld();
      expect(store.adminUrl).toMatch(/\/admin_[a-z0-9]{6,}\/$/);
      for (const guess of ['admin', 'admin_', 'admin_1', 'backend', 'index.php/admin', 'setup', 'admin/dashboard']) {
        expect([guess, (await platform.visit(`${store.url}${guess}`)).status]).toEqual([guess, 404]);
      }

      const secret = await enterFirstTime(platform, store, page);

      expect(secret).toMatch(/^[A-Z2-7]{16,}$/);
      theWorld().secondFactors.set(store.name, secret);
    });

    test('its password alone opens nothing', async () => {
      const { platform } = theWorld();
      const { username, password } = await adminOf(platform, store);
      const answer = await restOf(platform, store).ask('POST', 'integration/admin/token', { username, password });
      expect([answer.status, answer.body]).toEqual([400, expect.stringContaining('2fa provider')]);
    });

    test('a product made over REST is found by search and in its category, once the clock has gone round', async () => {
      const { platform } = theWorld();
      rest = await ownersRest(theWorld(), store);
      await addProduct(rest, CATEGORY, ROSE);

      for (const path of [SEARCH_PATH, CATEGORY_PATH]) {
        await until(
          async () => ((await platform.visit(`${store.url}${path}`)).body.includes(ROSE.name) ? true : undefined),
          3 * MINUTE,
        );
      }
      const nothing = await platform.visit(`${store.url}catalogsearch/result/?q=submarine`);
      expect([nothing.status, nothing.body.includes(ROSE.name)]).toEqual([200, false]);
    });

    test('its first page and a product’s work in a browser, with nothing in its console, up to the cart', async () => {
      const { browser } = theWorld();
      const visitors = await newVisitor(browser);
      onTestFinished(() => visitors.close());
      const visitor = await visitors.newPage();
      const said = complaintsOf(visitor);
      await visitor.goto(store.url);
      await expectPage(visitor.locator('.action.showcart')).toBeVisible();
      await visitor.goto(`${store.url}${ROSE_PATH}`);
      await expectPage(visitor.getByRole('heading', { level: 1 })).toHaveText(ROSE.name);
      // Enabled by the page's own scripts, which is the last that they do.
      const add = visitor.getByRole('button', { name: 'Add to Cart' });
      await expectPage(add).toBeEnabled();
      await add.click();
      await expectPage(visitor.getByText(`You added ${ROSE.name} to your`)).toBeVisible();

      expect(said.filter((line) => /^(?:error|thrown):/.test(line))).toEqual([]);
    });

    test('a guest orders; the order is in the administration, its mail in the outbox', async () => {
      const { platform } = theWorld();

      const id = await orderAsGuest(restOf(platform, store), ROSE, 'buyer@example.com');

      const order = await rest.call<{ customer_email: string; items: { sku: string }[] }>('GET', `orders/${id}`);
      expect(order.customer_email).toBe('buyer@example.com');
      expect(order.items.map(({ sku }) => sku)).toEqual([ROSE.sku]);
      const mail = await until(
        async () => (await mailsFrom(platform, store)).find(({ subject }) => /order/i.test(subject ?? '')),
        2 * MINUTE,
      );
      expect([mail.to].flat().map((to) => to?.text)).toEqual([expect.stringContaining('buyer@example.com')]);
      await expectInOrders(page, 'Ann Buyer');
    });
  });
}

/** Every address of the administration carries a key of the session: its own menu knows it. */
async function expectInOrders(page: Page, buyer: string): Promise<void> {
  const orders = await page.locator('[data-ui-id=menu-magento-sales-sales-order] a').first().getAttribute('href');
  await page.goto(orders ?? '');
  await expectPage(page.locator('.data-grid').getByText(buyer).first()).toBeVisible();
}
