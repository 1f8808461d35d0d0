import type { Page } from '@playwright/test';

/**
 * Signs in to wp-admin at `url` as a person does, and returns with its menu on the page.
 *
 * WordPress puts the cursor into the first field 200 ms after its page came (`wp_attempt_focus` in wp-login.php). What
 * is typed meanwhile lands there, the password too, and the browser sends no form with an empty field; so the cursor
 * is waited for.
 */
export async function enterWordPress(
  page: Page,
  { url, username, password }: { readonly url: string; readonly username: string; readonly password: string },
): Promise<void> {
  await page.goto(url);
  await page.waitForFunction("document.activeElement?.id === 'user_login'");
  await page.fill('#user_login', username);
  await page.fill('#user_pass', password);
  // The address of the login page names wp-admin too.
  await Promise.all([page.waitForURL(({ pathname }) => pathname === '/wp-admin/'), page.click('#wp-submit')]);
  await page.waitForSelector('#adminmenu');
}
