import { simpleParser } from 'mailparser';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { SHOP_SETTING_NAMES, type ShopWish } from '../../../src/domain/shop-settings.ts';
import { MINUTE } from '../../../src/lib/time.ts';
import type { StoreView } from '../../../src/stores/present-store.ts';
import { startSmtpServer } from '../../services/smtp-server.ts';
import { expectPage, newVisitor } from '../browser.ts';
import { logIn } from '../front-door/world.ts';
import { until } from '../until.ts';
import { CATEGORY_PATH } from './the-shop.ts';
import { type MagentoWorld, ROSES } from './world.ts';

const TITLE = 'Roses & more';

/** What its owner does to the first shop from the platform's pages. */
export function describeOwnersHands(theWorld: () => MagentoWorld): void {
  describe('a shop in its owner’s hands', () => {
    let store: StoreView;
    beforeAll(async () => {
      store = await theWorld().platform.store(ROSES.name);
    });

    /** Resolves once the shop says of itself that it is set so. */
    const set = async (wish: ShopWish): Promise<void> => {
      const { platform } = theWorld();
      const options = Object.entries(wish).flatMap(([name, value]) => [`--${name}`, value]);
      await platform.ok('store', 'settings', store.id, ...options);
      const { storeSettings } = platform.adapters.repositories;
      await until(async () => {
        const now = await storeSettings.find(store.id);
        return SHOP_SETTING_NAMES.every((name) => (wish[name] ?? now?.[name]) === now?.[name]) ? now : undefined;
      }, 2 * MINUTE);
    };

    test('is set as wished and says so; in maintenance visitors get a note, and the administration is open', async () => {
      const { platform } = theWorld();

      await set({ title: TITLE, timezone: 'Europe/Berlin', country: 'DE', maintenance: 'on' });

      expect(await platform.visit(store.url)).toMatchObject({
        status: 503,
        headers: { 'cache-control': 'no-store', 'retry-after': '300' },
        body: expect.stringContaining('Back in a moment'),
      });
      const administration = await platform.visit(store.adminUrl);
      expect([administration.status, administration.body]).toEqual([200, expect.stringContaining('login[password]')]);
    });

    test('Open admin leads to the dashboard without password and second factor, once', async () => {
      const { platform, browser, home } = theWorld();
      const context = await newVisitor(browser);
      onTestFinished(() => context.close());
      const page = await context.newPage();
      await logIn(theWorld(), page, ROSES);
      await page.goto(`${home}stores/${store.id}/open-admin`);
      const sent = page.waitForRequest((request) => request.url().endsWith('/open-admin.php'));
      await page.locator('main').getByRole('button', { name: 'Open admin' }).click();
      await page.waitForURL(/\/dashboard\//);

      await expectPage(page.locator('h1.page-title')).toHaveText('Dashboard');
      const used = await sent;
      const again = await platform.visit(used.url(), {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: used.postData() ?? '',
      });
      expect([again.status, again.headers['set-cookie'] ?? null]).toEqual([403, null]);
      // In the same browser the shop itself, while visitors still get the note.
      await page.goto(`${store.url}${CATEGORY_PATH}`);
      await expectPage(page).toHaveTitle(new RegExp('Flowers'));
      expect((await platform.visit(store.url)).status).toBe(503);

      await set({ maintenance: 'off' });
      expect((await platform.visit(store.url)).status).toBe(200);
    });

    test('a test of its mail leaves by its owner’s server', async () => {
      const { platform } = theWorld();
      const server = await startSmtpServer();
      onTestFinished(() => server.stop());
      const way = [
        '--way',
        'own',
        '--from',
        'shop@roses.example',
        '--host',
        '127.0.0.1',
        '--port',
        String(server.port),
      ];
      await platform.ok('store', 'mail', store.id, ...way, '--tls', 'none');

      const trial = await platform.ok('store', 'mail-test', store.id, '--to', 'me@example.com');
      await platform.ok('store', 'mail', store.id, '--way', 'platform');

      expect(trial).toMatchObject({ outcome: 'accepted', way: 'own' });
      const [mail] = server.mails;
      expect([mail?.from, mail?.to]).toEqual(['shop@roses.example', ['me@example.com']]);
      const { from, html } = await simpleParser(mail?.raw ?? '');
      expect([from?.text, html]).toEqual([
        `"${TITLE}" <shop@roses.example>`,
        expect.stringContaining('A test that you asked for'),
      ]);
    });

    test('a new password of its database is taken with the shop open', async () => {
      const { platform } = theWorld();
      const answers: number[] = [];
      let rotated = false;
      const rotation = platform.ok('store', 'rotate', store.id, '--database', '--wait').finally(() => (rotated = true));
      await until(async () => {
        answers.push((await platform.visit(`${store.url}contact/?fresh=${answers.length}`)).status);
        return rotated ? true : undefined;
      }, 2 * MINUTE);
      await rotation;

      expect(answers.filter((status) => status !== 200)).toEqual([]);
      expect((await platform.visit(store.adminUrl)).status).toBe(200);
    });
  });
}
