import { describe, expect, test } from 'vitest';
import { expectPage, newVisitor } from '../browser.ts';
import { ROSE } from './the-path.ts';
import { aWish, cookieOf, type FrontDoor, logIn, post, sessionOf } from './world.ts';

export function describeSessions(theDoor: () => FrontDoor): void {
  describe('a session', () => {
    test('is a cookie that no script, no other host and no plain line ever sees, new with each login', async () => {
      const { browser, home } = theDoor();
      const context = await newVisitor(browser);
      const planted = 'p'.repeat(43);
      await context.addCookies([{ name: '__Host-session', value: planted, url: home, secure: true }]);
      const page = await context.newPage();

      await logIn(theDoor(), page, ROSE);

      const cookies = await context.cookies();
      expect(cookies.map(({ name }) => name).toSorted()).toEqual(['__Host-device', '__Host-passkey', '__Host-session']);
      for (const cookie of cookies) {
        expect(cookie).toMatchObject({
          domain: 'panel.test',
          path: '/',
          httpOnly: true,
          secure: true,
          sameSite: 'Lax',
        });
      }
      const first = (await sessionOf(context))?.value;
      expect(first).not.toBe(planted);
      expect(await page.evaluate('document.cookie')).toBe('');
      await page.getByRole('button', { name: 'Log out' }).click();
      await page.waitForURL(home);
      expect(await sessionOf(context)).toBeUndefined();
      await logIn(theDoor(), page, ROSE);
      expect((await sessionOf(context))?.value).not.toBe(first);
      await context.close();
    });

    test('that was left is over for whoever has kept its cookie', async () => {
      const { home, platform } = theDoor();
      const login = await post(theDoor(), 'login', { email: ROSE.email, password: ROSE.password });
      const headers = { cookie: cookieOf(login) };
      expect((await platform.visit(`${home}api/status`, { headers })).status).toBe(200);

      await post(theDoor(), 'logout', {}, { headers });

      expect((await platform.visit(`${home}api/status`, { headers })).status).toBe(401);
    });

    test('does not open anybody else’s store: it is not there, on pages and in the API', async () => {
      const { browser, home, platform } = theDoor();
      const { id } = await platform.store(ROSE.name);
      const context = await newVisitor(browser);
      const page = await context.newPage();
      await logIn(theDoor(), page, aWish('plain'));
      const cookies = await context.cookies();
      const headers = { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') };

      for (const path of [`stores/${id}`, `stores/${id}/access`, 'stores/sto_00000000000000000000000000']) {
        expect([path, (await page.goto(`${home}${path}`))?.status()]).toEqual([path, 404]);
        await expectPage(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
        expect(await page.content()).not.toContain(ROSE.email);
      }
      for (const path of [`api/status?store=${id}`, `api/credentials?store=${id}`, `api/stores/${id}/events`]) {
        expect([path, (await platform.visit(`${home}${path}`, { headers })).status]).toEqual([path, 404]);
      }
      for (const path of [`stores/${id}/retry`, `stores/${id}/credentials`]) {
        expect([path, (await post(theDoor(), path, {}, { headers })).status]).toEqual([path, 404]);
      }
      await context.close();
    });
  });
}
