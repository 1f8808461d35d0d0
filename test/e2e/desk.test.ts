import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext, BrowserContextOptions, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MINUTE } from '../../src/lib/time.ts';
import { fillWithStores } from '../services/many-stores.ts';
import { complaintsOf, expectPage, newVisitor } from './browser.ts';
import { type FrontDoor, openFrontDoor } from './front-door/world.ts';
import { setUpAppIn } from './set-up-app.ts';

const LANE = 12;
const OPERATOR = 'ops@example.com';
/** Where to leave a picture of each page, for whoever wants to look at them. */
const PICTURES = process.env['PICTURES_FOLDER'];

const LOOKS = {
  'in light, on a wide screen': { colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  'in dark, 360 px wide': { colorScheme: 'dark', viewport: { width: 360, height: 740 } },
} as const;

describe('the operators’ desk', () => {
  let door: FrontDoor;
  let signedIn: Awaited<ReturnType<BrowserContext['storageState']>>;

  beforeAll(async () => {
    door = await openFrontDoor(LANE);
    const { platform } = door;
    // None that is active: there is nothing behind these rows, and a worker would try to repair it.
    await fillWithStores(platform.adapters.database, {
      customers: 9,
      stores: 12,
      statuses: ['suspended', 'failed', 'suspended'],
    });
    const admin = await platform.ok('admin', 'create', '--email', OPERATOR);
    signedIn = await signIn(String(admin['password']));
  }, 5 * MINUTE);
  afterAll(() => door?.close());

  const home = (): string => door.home;

  /** The operator, signed in as once at the beginning. */
  async function comeIn(look: BrowserContextOptions = {}): Promise<Page> {
    const context = await newVisitor(door.browser, { ...look, storageState: signedIn });
    const page = await context.newPage();
    await page.goto(`${home()}admin`);
    await expectPage(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
    return page;
  }

  async function signIn(password: string): Promise<typeof signedIn> {
    const context = await newVisitor(door.browser);
    const page = await context.newPage();
    await page.goto(`${home()}login?next=/admin`);
    await page.getByLabel('E-mail').fill(OPERATOR);
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await expectPage(page.getByRole('button', { name: 'Log out' })).toBeVisible();
    await setUpAppIn(page, home());
    const state = await context.storageState();
    await context.close();
    return state;
  }

  // First: it needs a proof that is fresh.
  test('lets an operator act as a customer under a banner, and come back', async () => {
    const page = await comeIn(LOOKS['in dark, 360 px wide']);
    await page.goto(`${home()}admin/customers/cus_many000001`);
    await page.getByRole('link', { name: 'Act as this customer' }).click();
    await page.getByLabel('Why').fill('Looking at a shop');
    await page.getByRole('button', { name: /^Act as owner-/ }).click();
    await expectPage(page.getByRole('heading', { level: 1, name: 'Your stores' })).toBeVisible();
    const banner = page.getByRole('complementary', { name: 'Acting as a customer' });
    await expectPage(banner).toContainText('You act as owner-000001');
    if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, 'acting.png') });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    await page.goto(`${home()}account`);
    await expectPage(page.getByRole('heading', { level: 1 })).toHaveText('Not while you act as a customer');
    await banner.getByRole('button', { name: 'Stop' }).click();
    await expectPage(page.getByRole('heading', { level: 1, name: /^owner-000001/ })).toBeVisible();
    await expectPage(banner).toBeHidden();
    await page.context().close();
  });

  describe.each(Object.entries(LOOKS))('%s', (name, look) => {
    test('has pages that anybody can read and nobody has to draw sideways', async () => {
      const page = await comeIn(look);
      const complaints = complaintsOf(page);
      const store = 'sto_many000001';
      const paths = {
        overview: 'admin',
        customers: 'admin/customers',
        customer: 'admin/customers/cus_many000001',
        'act-as': 'admin/customers/cus_many000001/act-as',
        stores: 'admin/stores?status=failed&sort=name',
        nothing: 'admin/stores?q=nowhere',
        store: `admin/stores/${store}`,
        runs: 'admin/runs?status=failed',
        run: 'admin/runs/run_many000001',
        ledger: 'admin/ledger',
        mail: 'admin/mail',
        delete: `admin/stores/${store}/delete`,
        settings: 'admin/settings',
        find: 'find?q=shop-0000',
      };
      for (const [what, path] of Object.entries(paths)) {
        await page.goto(home() + path);
        await page.waitForLoadState('networkidle');
        if (PICTURES !== undefined) {
          await page.screenshot({ path: join(PICTURES, `${what}-${look.colorScheme}.png`), fullPage: true });
        }
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
        const tooWide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect({ what, name, found, tooWide, complaints }).toEqual({
          what,
          name,
          found: [],
          tooWide: 0,
          complaints: [],
        });
      }
      await page.context().close();
    });
  });

  test('is found by keyboard alone: a store by its name, and the keys themselves', async () => {
    const page = await comeIn();
    await page.waitForLoadState('networkidle');
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { name: 'Store or page' });
    await expectPage(field).toBeFocused();
    await page.keyboard.type('shop-000007');
    await expectPage(page.getByRole('option', { name: /shop-000007/ })).toHaveAttribute('aria-selected', 'true');
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
    if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, 'palette.png') });
    await page.keyboard.press('Enter');
    await expectPage(page.getByRole('heading', { level: 1, name: 'shop-000007' })).toBeFocused();

    await page.keyboard.press('?');
    await expectPage(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expectPage(page.getByRole('dialog', { name: 'Keys' })).toBeHidden();
    await page.context().close();
  });

  test('tells within seconds how the machine is', async () => {
    const page = await comeIn();
    await expectPage(async () => {
      await page.reload();
      await expectPage(page.getByRole('region', { name: 'Services' })).toContainText('MySQL', { timeout: 1000 });
    }).toPass({ timeout: MINUTE });
    await expectPage(page.getByRole('region', { name: 'Capacity' })).toContainText('Ports');
    await expectPage(page.getByRole('region', { name: 'Workers' })).toContainText('Healthy');
    await page.context().close();
  });
});
