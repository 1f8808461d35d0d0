import type { Page } from '@playwright/test';
import type { ParsedMail } from 'mailparser';
import { expect } from 'vitest';
import { MINUTE } from '../../../src/lib/time.ts';
import type { StoreView } from '../../../src/stores/present-store.ts';
import { expectPage } from '../browser.ts';
import { mailsFrom } from '../outbox.ts';
import type { TestPlatform } from '../platform.ts';
import { until } from '../until.ts';
import { oneTimeCode } from './one-time-code.ts';

export interface AdminCredentials {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

export async function adminOf(platform: TestPlatform, { id }: Pick<StoreView, 'id'>): Promise<AdminCredentials> {
  return (await platform.ok('store', 'credentials', id))['admin'] as AdminCredentials;
}

/**
 * Signs in for the first time: Magento sends a mail with a link, behind which an authenticator is set up. Ends on the
 * dashboard; returns the authenticator's secret.
 */
export async function enterFirstTime(platform: TestPlatform, store: StoreView, page: Page): Promise<string> {
  const admin = await adminOf(platform, store);
  await page.goto(admin.url);
  await page.fill('#username', admin.username);
  await page.fill('#login', admin.password);
  await page.click('.action-login');
  await page.waitForURL(/tfa/);
  const link = await until(async () => linkIn(await mailsFrom(platform, store)), MINUTE);
  await page.goto(link);
  await page.locator('.tfa-google-secure-code').waitFor();
  const secret = ((await page.locator('.tfa-google-secure-code').textContent()) ?? '').trim();
  await page.fill('#tfa_code', oneTimeCode(secret, Date.now()));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.waitForURL(/\/dashboard/);
  await expectPage(page.locator('h1.page-title')).toHaveText('Dashboard');
  return secret;
}

/** The last mail about a second factor says where it is set up. */
function linkIn(mails: readonly ParsedMail[]): string | undefined {
  const about = mails.filter(({ subject }) => /2FA/.test(subject ?? ''));
  const link = /href="([^"]+tfat[^"]+)"/.exec(about.at(-1)?.html || '')?.[1];
  return link?.replaceAll('&amp;', '&');
}

/** The password that its owner reads is right: what the shop asks for next is a second factor that nobody has set up yet. */
export async function expectRightPassword(platform: TestPlatform, store: StoreView): Promise<void> {
  const { username, password } = await adminOf(platform, store);
  const answer = await platform.visit(`${store.url}rest/V1/tfa/provider/google/authenticate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ username, password, otp: '000000' }),
  });
  expect(answer.body).toMatch(/2FA|provider/i);
}
