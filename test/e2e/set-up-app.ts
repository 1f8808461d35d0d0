import type { Page } from '@playwright/test';
import { codeOf } from '../services/second-factor.ts';
import { expectPage } from './browser.ts';

/** Sets up an authenticator app as its owner does, from any page of somebody who has just signed in. Returns its secret. */
export async function setUpAppIn(page: Page, home: string): Promise<string> {
  await page.goto(`${home}account/security`);
  await page.getByRole('link', { name: 'Set up an authenticator app' }).click();
  const key = page.locator('.totp-key');
  await expectPage(key).toBeVisible();
  const secret = ((await key.textContent()) ?? '').replaceAll(' ', '');
  await page.getByRole('textbox', { name: 'Code' }).fill(codeOf(secret));
  await page.getByRole('button', { name: 'Switch it on' }).click();
  await expectPage(page.getByRole('list', { name: 'Recovery codes' })).toBeVisible();
  return secret;
}
