import type { BrowserContext, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectPage, newVisitor } from '../browser.ts';
import { ROSE } from './the-path.ts';
import { BASE_DOMAIN, type FrontDoor, logIn, sessionOf } from './world.ts';

/** Who a shop's owner could be, as the browser sees it: another site, or a name beside the panel's own. */
const NEIGHBOURS = {
  'a shop on its own site': `https://rose.${BASE_DOMAIN}`,
  'a name on the very site of the panel': 'https://shop.panel.test',
} as const;

/** Sends what a form on the page sends, with the owner's cookies as far as the browser gives them. */
const SUBMIT = `(address) => {
  const form = document.createElement('form');
  form.method = 'post';
  form.action = address;
  document.body.append(form);
  form.submit();
}`;

/** What the page gets to know: an answer's text, or that it gets none. */
const FETCH = `async ([address, method, mode]) => {
  try {
    const answer = await fetch(address, { method, mode, credentials: 'include' });
    return answer.type + ' ' + answer.status + ' ' + await answer.text();
  } catch {
    return 'blocked';
  }
}`;

export function describeHostileNeighbours(theDoor: () => FrontDoor): void {
  describe.each(Object.entries(NEIGHBOURS))('%s is a hostile neighbour', (_who, origin) => {
    let context: BrowserContext;
    let page: Page;
    let storeId = '';
    let evil = '';
    beforeAll(async () => {
      const { browser, home, platform } = theDoor();
      evil = `${origin}:${new URL(home).port}/`;
      context = await newVisitor(browser);
      // What a shop's owner may put on a page is anything.
      await context.route(`${evil}**`, (route) =>
        route.fulfill({ contentType: 'text/html', body: '<title>Nice shop</title><p>Have a look around.' }),
      );
      page = await context.newPage();
      await logIn(theDoor(), page, ROSE);
      storeId = (await platform.adapters.repositories.stores.get((await platform.store(ROSE.name)).id)).id;
    });
    afterAll(() => context?.close());

    const paths = (): string[] => [
      'logout',
      `stores/${storeId}/retry`,
      `stores/${storeId}/credentials`,
      'signup',
      'login',
      'theme',
    ];

    test('whose forms are refused, and change nothing', async () => {
      const { home } = theDoor();
      const before = await sessionOf(context);
      for (const path of paths()) {
        await page.goto(evil);
        const answered = page.waitForResponse((response) => response.request().method() === 'POST');
        await page.evaluate(`(${SUBMIT})(${JSON.stringify(home + path)})`);
        await page.waitForURL(home + path);
        const answer = await answered;

        expect([path, answer.status()]).toEqual([path, 403]);
        expect(await answer.headerValue('set-cookie')).toBeNull();
        await expectPage(page.getByRole('heading', { name: 'That did not come from our pages' })).toBeVisible();
      }
      expect((await sessionOf(context))?.value).toBe(before?.value);
      await page.goto(`${home}dashboard?all`);
      await expectPage(page.getByText(`Signed in as ${ROSE.email}`)).toBeVisible();
    });

    test('whose scripts learn nothing and change nothing', async () => {
      const { home, platform } = theDoor();
      const revealed = async () =>
        (await platform.adapters.repositories.audit.list({ target: storeId })).filter(
          ({ action }) => action === 'credentials.read',
        ).length;
      const before = await revealed();
      const reads = [
        'api/credentials',
        `api/credentials?store=${storeId}`,
        'api/status',
        `api/stores/${storeId}/events`,
        'dashboard',
      ];
      await page.goto(evil);
      for (const mode of ['cors', 'no-cors', 'same-origin']) {
        for (const [method, list] of [
          ['GET', reads],
          ['POST', paths()],
        ] as const) {
          for (const path of list) {
            const heard = await page.evaluate(`(${FETCH})(${JSON.stringify([home + path, method, mode])})`);
            expect([path, mode, heard]).toEqual([path, mode, 'blocked']);
          }
        }
      }
      expect(await revealed()).toBe(before);
      await page.goto(`${home}dashboard?all`);
      await expectPage(page.getByText(`Signed in as ${ROSE.email}`)).toBeVisible();
    });

    test('and gets no page of ours into a frame', async () => {
      const { home } = theDoor();
      await page.goto(evil);
      await page.setContent(`<iframe src="${home}dashboard?all"></iframe>`);
      await expectPage(page.frameLocator('iframe').getByText('Signed in as')).toHaveCount(0);
    });
  });
}
