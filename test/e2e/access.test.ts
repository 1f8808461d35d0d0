import type { BrowserContext, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MINUTE } from '../../src/lib/time.ts';
import { findingsOn } from '../services/findings.ts';
import { complaintsOf, expectPage, newVisitor } from './browser.ts';
import { letProofGrowOld } from './front-door/the-path.ts';
import { aWish, type FrontDoor, openFrontDoor, passwordField, signUp } from './front-door/world.ts';
import { signInToWordPress } from './sign-in-to-wordpress.ts';
import { until } from './until.ts';
import { tracesOf } from './world-snapshot.ts';

const LILY = aWish('lily');

describe('the ways into a shop, and what it writes', () => {
  let door: FrontDoor;
  let context: BrowserContext;
  let page: Page;
  let storeId: string;
  let complaints: string[];

  beforeAll(async () => {
    door = await openFrontDoor(10);
    context = await newVisitor(door.browser);
    page = await context.newPage();
    complaints = complaintsOf(page);
    storeId = await signUp(door, page, LILY);
    await door.platform.settled(storeId, ['active']);
  }, 10 * MINUTE);
  afterAll(async () => {
    await context?.close();
    await door?.close();
  }, 5 * MINUTE);

  const tab = (name: string): string => `${door.home}stores/${storeId}/${name}`;

  /** Nothing that axe finds, nothing beyond the right edge, not a word in the console. */
  async function lookAt(what: string): Promise<void> {
    expect([await findingsOn(page, what), complaints]).toEqual([[], []]);
  }

  test('Open admin asks who it is, signs in without a password, once, and is written down', async () => {
    await letProofGrowOld(door, LILY);
    await page.goto(tab('access'));
    await lookAt('access');
    await page.getByRole('button', { name: 'Open admin' }).click();
    await passwordField(page).fill(LILY.password);
    await page.locator('form:has(#password) button[type=submit]').click();
    await page.waitForURL(/open-admin/);
    const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().includes(LILY.name));
    await page.locator('main').getByRole('button', { name: 'Open admin' }).click();
    await page.waitForURL(/wp-admin/);

    await expectPage(page.locator('#wpadminbar')).toBeVisible();
    // Its administration talks to the console; that is not our page.
    complaints.length = 0;
    const used = await sent;
    const again = await door.platform.visit(used.url(), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: used.postData() ?? '',
    });
    expect([again.status, again.headers['set-cookie'] ?? null]).toEqual([403, null]);
    expect((await used.allHeaders())['referer'] ?? '').not.toContain('stores/');
    const lines = await door.platform.adapters.repositories.audit.list({ target: storeId });
    expect(lines.filter(({ action }) => action === 'admin-link.issued')).toHaveLength(1);

    // An operator's link, in a browser that knows neither the panel nor the shop.
    const { link } = (await door.platform.ok('store', 'open-admin', storeId)) as unknown as { readonly link: string };
    const elsewhere = await newVisitor(door.browser);
    const visitor = await elsewhere.newPage();
    await visitor.goto(link);
    await visitor.waitForURL(/wp-admin/);
    await expectPage(visitor.locator('#wpadminbar')).toBeVisible();
    await elsewhere.close();
  });

  test('new passwords of database and administrator are asked for, told of, and good; the old ones open nothing', async () => {
    const { platform } = door;
    type Credentials = {
      readonly admin: { username: string; password: string };
      readonly database: { password: string };
    };
    const credentials = async () => (await platform.ok('store', 'credentials', storeId)) as unknown as Credentials;
    const store = await platform.store(storeId);
    const before = await credentials();
    let pages = 0;
    const answers: number[] = [];
    for (const [button, kind] of [
      ['New database password', 'rotate-database'],
      ['New administrator password', 'rotate-admin'],
    ] as const) {
      await page.goto(tab('access'));
      await page.getByRole('button', { name: button }).click();
      await expectPage(page.getByText('getting a new password').first()).toBeVisible();
      await until(async () => {
        const { status } = await platform.visit(`${store.url}?fresh=${(pages += 1)}`);
        answers.push(status);
        const run = await platform.adapters.repositories.runs.latest(storeId, [kind]);
        return run?.status === 'done' ? true : undefined;
      }, MINUTE);
    }

    expect(answers.filter((status) => status !== 200)).toEqual([]);
    const after = await credentials();
    expect(after.database.password).not.toBe(before.database.password);
    expect(await signInToWordPress(platform, store, before.admin)).toBeUndefined();
    expect(await (await signInToWordPress(platform, store, after.admin))?.isOpen()).toBe(true);
    const mails = await platform.adapters.repositories.outbox.sentTo(LILY.email);
    expect(mails.filter(({ kind }) => kind === 'shop-password-changed')).toHaveLength(2);
    const logs = `${platform.output()}${JSON.stringify((await platform.store(storeId)).run)}`;
    for (const secret of [after.admin.password, after.database.password]) expect(logs).not.toContain(secret);
    complaints.length = 0;
  });

  test('phpMyAdmin opens signed in, is sealed off from the panel, and is gone when it is closed', async () => {
    const { adapters, visit } = door.platform;
    await adapters.images.prepare(['phpmyadmin'], AbortSignal.timeout(5 * MINUTE));
    await page.goto(tab('access'));
    await page.getByRole('button', { name: 'Open phpMyAdmin' }).click();
    await page.waitForURL(/\/database\/[^/]+\/index\.php/);
    const way = new URL('.', page.url()).href;
    await page.goto(`${way}index.php?route=/database/structure&db=shop`);
    await expectPage(page.getByRole('link', { name: 'shop_options', exact: true }).first()).toBeVisible();
    await page.getByRole('link', { name: 'shop_options', exact: true }).first().click();
    await expectPage(page.getByText('siteurl').first()).toBeVisible();

    // It says of itself that it is there.
    expect(complaints.filter((complaint) => !complaint.startsWith('log: JQMIGRATE'))).toEqual([]);
    expect(await page.evaluate('origin')).toBe('null');
    expect(await page.evaluate(`fetch('${door.home}account').then(() => 'read', () => 'refused')`)).toBe('refused');
    complaints.length = 0;
    const container = adapters.docker.getContainer(`shop-${storeId}-phpmyadmin`);
    const { HostConfig, NetworkSettings } = await container.inspect();
    expect(HostConfig).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'], PortBindings: {} });
    expect(Object.keys(NetworkSettings.Networks)).toEqual([`${storeId}_back`]);

    await page.goto(tab('access'));
    await lookAt('access-open');
    await page.getByRole('button', { name: 'Close phpMyAdmin' }).click();
    await expectPage(page.getByText('phpMyAdmin is closed.')).toBeVisible();
    expect((await visit(`${way}index.php`)).status).toBe(404);
    await expect(container.inspect()).rejects.toMatchObject({ statusCode: 404 });
    const actions = (await adapters.repositories.audit.list({ target: storeId })).map(({ action }) => action);
    expect(actions.filter((action) => action.startsWith('database.'))).toEqual(['database.closed', 'database.opened']);
    complaints.length = 0;
  });

  test("logs show this store's lines, marked where they were searched for, and new ones as they come", async () => {
    const { url } = await door.platform.store(storeId);
    await door.platform.visit(`${url}no-such-page-one`);
    await page.goto(`${tab('logs')}?source=edge-access&q=no-such-page`);
    complaints.length = 0;
    const log = page.getByRole('log');
    await expectPage(log.locator('mark').first()).toHaveText('no-such-page');
    await expectPage(page.getByText('Live', { exact: true })).toBeVisible();
    await page.keyboard.press(' ');
    await door.platform.visit(`${url}no-such-page-two`);
    await expectPage(page.getByRole('button', { name: '1 new line' })).toBeVisible();
    await expectPage(log.getByText('-two')).toHaveCount(0);

    await page.keyboard.press('G');

    await expectPage(log.getByText('-two')).toBeVisible();
    await page.keyboard.press('/');
    await expectPage(page.getByLabel('Search')).toBeFocused();
    await page.goto(tab('logs'));
    await expectPage(log.locator('li').first()).toBeVisible();
    await lookAt('logs');
  });

  test('somebody else gets none of it, and a page without scripts shows what it is asked for', async () => {
    const other = await newVisitor(door.browser, { javaScriptEnabled: false });
    const theirs = await other.newPage();
    await context.storageState().then(({ cookies }) => other.addCookies(cookies));
    await theirs.goto(`${tab('logs')}?source=provisioning&since=all`);
    await expectPage(theirs.getByRole('log').getByText('keep-password: started')).toBeVisible();
    await other.clearCookies();
    const stranger = await newVisitor(door.browser);
    const cookies = async (): Promise<string> =>
      (await stranger.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    await signUp(door, await stranger.newPage(), aWish('nettle'));

    const headers = { cookie: await cookies() };
    for (const path of [`stores/${storeId}/logs`, `stores/${storeId}/access`, `stores/${storeId}/open-admin`]) {
      expect([path, (await door.platform.visit(`${door.home}${path}`, { headers })).status]).toEqual([path, 404]);
    }
    for (const path of ['events', 'file', 'file?source=edge-access']) {
      const answer = await door.platform.visit(`${door.home}api/stores/${storeId}/logs/${path}`, { headers });
      expect([path, answer.status]).toEqual([path, 404]);
    }
    await stranger.close();
    await other.close();
  });

  test('a store that goes while its owner looks into its database takes that with it', async () => {
    const { platform } = door;
    await page.goto(tab('access'));
    await page.getByRole('button', { name: 'Open phpMyAdmin' }).click();
    await page.waitForURL(/\/database\/[^/]+\/index\.php/);
    const way = new URL('.', page.url()).href;
    const store = await platform.store(storeId);

    await platform.ok('store', 'delete', storeId, '--yes', '--wait');

    expect(await tracesOf(platform, store)).toEqual({});
    expect((await platform.visit(`${way}index.php`)).status).toBe(404);
  });
});
