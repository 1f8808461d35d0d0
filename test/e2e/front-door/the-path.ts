import type { BrowserContext, Page } from '@playwright/test';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { STEP_NAMES } from '../../../src/domain/run.ts';
import { MINUTE, SECOND } from '../../../src/lib/time.ts';
import { STEP_TITLES } from '../../../src/provisioning/step-titles.ts';
import { complaintsOf, expectPage, newVisitor } from '../browser.ts';
import { enterWordPress } from '../enter-wordpress.ts';
import {
  aWish,
  createButton,
  type FrontDoor,
  fillSignUp,
  idOfStorePage,
  logIn,
  makeAsFastAsToldOn,
  passwordField,
  sessionOf,
  signUp,
  untilOpen,
  type Wish,
  whileAStepRests,
  whileWorkersRest,
} from './world.ts';

/** Writes down, in the page itself, what its list of steps says after each change; a page loaded anew would forget. */
const WATCH_STEPS = `
  window.seen = [];
  new MutationObserver(() => {
    const steps = [...document.querySelectorAll('ol.steps > li')];
    if (steps.length > 0) window.seen.push(steps.map((step) => step.dataset.status + ' ' + step.querySelector('p').textContent));
  }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
`;

/** Makes the login that credentials need too old for them. */
export const letProofGrowOld = ({ platform }: FrontDoor, { email }: Wish) =>
  sql`UPDATE sessions SET proven_at = proven_at - INTERVAL 6 MINUTE
      WHERE customer_id IN (SELECT id FROM customers WHERE email = ${email})`.execute(
    platform.adapters.database.kysely,
  );

const shownValue = (page: Page, group: string, word: string) =>
  page
    .getByRole('region', { name: group })
    .locator('div', { has: page.getByText(word, { exact: true }) })
    .locator('dd');

const textOf = async (page: Page, group: string, word: string): Promise<string> =>
  (await shownValue(page, group, word).locator('code, a').first().textContent()) ?? '';

/** The names are there all the while; the passwords come with the answer. */
const untilShown = (page: Page) => expectPage(page.getByRole('button', { name: 'Hide' })).toBeVisible();

/** The wish whose store the other themes find open. */
export const ROSE = aWish('rose');

export function describeThePath(theDoor: () => FrontDoor): void {
  describe('from the landing page into a store of one’s own', () => {
    let context: BrowserContext;
    let page: Page;
    let complaints: string[];
    let storeId = '';

    test('the ten steps are told live on one page; another tab survives a reload, being closed, and a dropped line', async () => {
      const { browser, home, platform } = theDoor();
      context = await newVisitor(browser, { permissions: ['clipboard-read', 'clipboard-write'] });
      page = await context.newPage();
      complaints = complaintsOf(page);
      const other = await context.newPage();
      const elsewhere = await newVisitor(browser);
      const reopened = await elsewhere.newPage();
      await page.goto(home);
      await page.getByRole('main').getByRole('link', { name: 'Create your store' }).click();
      await page.waitForURL(`${home}signup`);
      const pids = await platform.workerPids();
      await whileWorkersRest(theDoor(), async () => {
        await fillSignUp(page, ROSE);
        await createButton(page).click();
        storeId = await idOfStorePage(page);
        await expectPage(page.locator('ol.steps > li')).toHaveCount(STEP_NAMES.length);
        await page.evaluate(WATCH_STEPS);
        await other.goto(page.url());
        await elsewhere.addCookies(await context.cookies());
      });

      await whileAStepRests(theDoor(), { storeId, pids }, async () => {
        await expectPage(other.getByText(/^Step \d+ of 10: /)).toBeVisible();
        await expectPage(other.locator('[aria-current=step]')).toHaveCount(1);
        await other.reload();
        await expectPage(other.locator('[aria-current=step]')).toHaveCount(1);
        await other.close();
        await reopened.goto(page.url());
        await expectPage(reopened.locator('[aria-current=step]')).toHaveCount(1);
        await elsewhere.setOffline(true);
        await expectPage(reopened.getByText('Reconnecting.')).toBeVisible();
      });
      await makeAsFastAsToldOn(page, theDoor(), storeId, pids);
      await untilOpen(page);
      await expectPage(reopened.locator('ol.steps > li')).toHaveCount(STEP_NAMES.length);
      await elsewhere.setOffline(false);
      await untilOpen(reopened, MINUTE);
      await elsewhere.close();

      const seen = (await page.evaluate('window.seen')) as string[][];
      expect(seen.at(-1)?.map((step) => step.replace(/^\w+ /, ''))).toEqual(
        STEP_NAMES.map((name) => STEP_TITLES[name]),
      );
      const doneThen = seen.map((steps) => steps.filter((step) => step.startsWith('done ')).length);
      expect(doneThen).toEqual(doneThen.toSorted((a, b) => a - b));
      expect(new Set(doneThen).size).toBeGreaterThan(STEP_NAMES.length / 2);
    });

    test('Visit store leads to a page that answers 200', async () => {
      const address = await page.getByRole('link', { name: 'Visit store' }).getAttribute('href');

      const shop = await theDoor().platform.visit(address ?? '');

      expect(shop.status).toBe(200);
      expect(shop.body).toContain(ROSE.name);
    });

    test('the credentials are shown when asked for, can be copied, and hide again; nobody keeps the answer, the audit log tells of it', async () => {
      const { platform } = theDoor();
      await page.clock.install();
      await page.getByRole('link', { name: 'Credentials' }).click();
      await page.getByRole('heading', { name: 'Credentials' }).waitFor();
      const answered = page.waitForResponse((response) => response.request().method() === 'POST');
      await page.getByRole('button', { name: 'Show the credentials' }).click();

      expect((await answered).headers()['cache-control']).toContain('no-store');
      await untilShown(page);
      const password = await textOf(page, 'Administration', 'Password');
      expect(password).toMatch(/^\S{16,}$/);
      const { admin } = (await platform.ok('store', 'credentials', storeId)) as { admin: { password: string } };
      expect(password).toBe(admin.password);
      await page.getByRole('button', { name: /Administration: Password/ }).click();
      await expectPage(page.getByText('Copied')).toBeVisible();
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(password);
      await page.clock.fastForward(31 * SECOND);
      await expectPage(page.getByText(password)).toHaveCount(0);
      expect(await page.content()).not.toContain(password);
      const customerId = (await platform.store(storeId)).customerId;
      const lines = await platform.adapters.repositories.audit.list({ target: storeId });
      expect(lines.filter(({ action, actor }) => action === 'credentials.read' && actor === customerId)).toHaveLength(
        1,
      );
    });

    test('whoever logs out and in again finds the store, and its keys open the administration', async () => {
      const { home } = theDoor();
      const first = await sessionOf(context);
      await page.getByRole('button', { name: 'Log out' }).click();
      await page.waitForURL(home);
      await page.goto(`${home}stores/${storeId}/credentials`);
      await expectPage(page).toHaveURL(`${home}login?next=%2Fstores%2F${storeId}%2Fcredentials`);

      await logIn(theDoor(), page, ROSE);

      expect((await sessionOf(context))?.value).not.toBe(first?.value);
      await expectPage(page).toHaveURL(`${home}stores/${storeId}`);
      await page.getByRole('link', { name: 'Your stores' }).first().click();
      const card = page.getByRole('article', { name: ROSE.name });
      await expectPage(card.getByText('Active')).toBeVisible();
      await card.getByRole('link', { name: ROSE.name }).click();
      await page.getByRole('link', { name: 'Credentials' }).click();
      await expectPage(shownValue(page, 'Administration', 'Password')).toContainText('hidden');
      expect(await textOf(page, 'Database', 'Name')).toBe('shop');
      await page.getByRole('button', { name: 'Show the credentials' }).click();
      await untilShown(page);
      const [url, username, password] = [
        await textOf(page, 'Administration', 'Address'),
        await textOf(page, 'Administration', 'User'),
        await textOf(page, 'Administration', 'Password'),
      ];
      await enterWordPress(await context.newPage(), { url, username, password });
      expect(complaints).toEqual([]);
      await context.close();
    });
  });

  describe('a shop with products', () => {
    test('is made when its card is chosen, and its owner is led to the first product', async (context) => {
      const { browser, platform } = theDoor();
      const { items } = (await platform.ok('artifacts', 'list')) as { items: { name: string; present: boolean }[] };
      if (!items.some(({ name, present }) => name === 'woocommerce' && present)) {
        context.skip('WooCommerce is in no package registry; put its archive into ARTIFACTS_DIR');
      }
      const visitor = await newVisitor(browser);
      const page = await visitor.newPage();

      const id = await signUp(theDoor(), page, { ...aWish('flowers'), platform: 'woocommerce' });
      await untilOpen(page);

      const store = await platform.store(id);
      expect(store.platform).toBe('woocommerce');
      await expectPage(page.getByRole('link', { name: 'Add your first product' })).toHaveAttribute(
        'href',
        `${store.adminUrl}post-new.php?post_type=product`,
      );
      expect((await platform.visit(store.url)).status).toBe(200);
      await visitor.close();
    });
  });

  describe('the same path with JavaScript switched off', () => {
    const plain = aWish('plain');

    test('forms and a page that loads itself anew are enough, up to the keys, for which the password is asked again', async () => {
      const { browser, home, platform } = theDoor();
      const context = await newVisitor(browser, { javaScriptEnabled: false });
      const page = await context.newPage();
      const complaints = complaintsOf(page);
      await page.goto(home);
      await page.getByRole('main').getByRole('link', { name: 'Create your store' }).click();
      await fillSignUp(page, plain);
      await createButton(page).click();
      const storeId = await idOfStorePage(page);
      await expectPage(page.locator('ol.steps > li')).toHaveCount(STEP_NAMES.length);

      await untilOpen(page);

      await letProofGrowOld(theDoor(), plain);
      await page.getByRole('link', { name: 'Credentials' }).click();
      await passwordField(page).fill('not the one at all');
      await page.getByRole('button', { name: 'Show the credentials' }).click();
      await expectPage(page.getByRole('alert')).toContainText('do not fit together');
      await passwordField(page).fill(plain.password);
      await page.getByRole('button', { name: 'Show the credentials' }).click();
      const password = await textOf(page, 'Administration', 'Password');
      const { admin } = (await platform.ok('store', 'credentials', storeId)) as { admin: { password: string } };
      expect(password).toBe(admin.password);
      await page.getByRole('button', { name: 'Log out' }).click();
      await page.waitForURL(home);
      await logIn(theDoor(), page, plain);
      await page.goto(`${home}dashboard?all`);
      await expectPage(page.getByRole('article', { name: plain.name }).getByText('Active')).toBeVisible();
      expect(complaints).toEqual([]);
      await context.close();
    });
  });
}
