import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MINUTE } from '../../src/lib/time.ts';
import { type Finding, findingsOn } from '../services/findings.ts';
import { complaintsOf, expectPage, newVisitor } from './browser.ts';
import { letProofGrowOld } from './front-door/the-path.ts';
import { aWish, type FrontDoor, logIn, openFrontDoor, passwordField, signUp } from './front-door/world.ts';
import { giveAuthenticator } from './give-authenticator.ts';
import { until } from './until.ts';

const IRIS = aWish('iris');
const SECOND_PASSWORD = 'an orchard full of quinces';
const THIRD_PASSWORD = 'seven herons at the river';

describe('an account', () => {
  let door: FrontDoor;
  let context: BrowserContext;
  let page: Page;
  let storeId: string;
  let complaints: string[];

  beforeAll(async () => {
    door = await openFrontDoor(8);
    context = await newVisitor(door.browser);
    page = await context.newPage();
    complaints = complaintsOf(page);
  }, 5 * MINUTE);
  afterAll(async () => {
    await context?.close();
    await door?.close();
  }, 5 * MINUTE);

  const followed = new Set<string>();

  /** A link to a page of the panel, from a mail to somebody; each but once. */
  async function linkTo(path: string, { email }: { readonly email: string }): Promise<string> {
    const link = await until(async () => {
      const folder = join(door.platform.config.dataDir, 'outbox');
      const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml'));
      const mails = await Promise.all(names.map(async (name) => simpleParser(await readFile(join(folder, name)))));
      return mails
        .filter(({ to }) => JSON.stringify(to ?? '').includes(email))
        .map(({ text }) => new RegExp(`https://\\S+/${path}\\?token=[\\w-]+`).exec(text ?? '')?.[0])
        .find((found) => found !== undefined && !followed.has(found));
    });
    followed.add(link);
    return link;
  }

  test(
    'is confirmed by mail, gets new passwords, and each of them signs other browsers out',
    async () => {
      storeId = await signUp(door, page, IRIS);
      await page.goto(`${door.home}account`);
      await expectPage(page.getByText('Please confirm')).toBeVisible();
      await page.goto(await linkTo('verify-email', IRIS));
      await page.getByRole('button', { name: `Confirm ${IRIS.email}` }).click();
      await expectPage(page.getByText('your e-mail address is confirmed')).toBeVisible();
      await expectPage(page.getByText('Please confirm')).toHaveCount(0);

      const elsewhere = await newVisitor(door.browser);
      const other = await elsewhere.newPage();
      await logIn(door, other, IRIS);
      await page.goto(`${door.home}account/password`);
      await passwordField(page).fill(SECOND_PASSWORD);
      await page.getByRole('button', { name: 'Change the password' }).click();
      await expectPage(page.getByText('Your password is changed.')).toBeVisible();
      await other.goto(`${door.home}account`);
      await expectPage(other).toHaveURL(/\/login\?next=/);

      await other.goto(`${door.home}forgot-password`);
      await other.getByLabel('E-mail').fill(IRIS.email);
      await other.getByRole('button', { name: 'Mail me a link' }).click();
      await expectPage(other.getByText('If that address has an account here')).toBeVisible();
      await other.goto(await linkTo('reset-password', IRIS));
      await passwordField(other).fill(THIRD_PASSWORD);
      await other.getByRole('button', { name: 'Set the password' }).click();
      await expectPage(other.getByText('Your new password is set')).toBeVisible();
      await page.goto(`${door.home}account`);
      await expectPage(page).toHaveURL(/\/login\?next=/);
      await logIn(door, page, { ...IRIS, password: THIRD_PASSWORD });
      await page.goto(`${door.home}dashboard?all`);
      await expectPage(page.getByRole('article', { name: IRIS.name })).toBeVisible();
      await elsewhere.close();
      expect(complaints).toEqual([]);
    },
    2 * MINUTE,
  );

  /** Opens it, and tells all that is wrong with it. */
  async function lookAt(path: string): Promise<Finding[]> {
    const answer = await page.goto(`${door.home}${path}`);
    // What cannot be had is a page too, but not the one that is meant.
    expect([path, answer?.status()]).toEqual([path, 200]);
    return findingsOn(page, path);
  }

  test(
    'gets a passkey, and is logged in and proven again with it',
    async () => {
      const device = await giveAuthenticator(page);
      await page.goto(`${door.home}account/security`);
      await page.getByRole('link', { name: 'Add a passkey' }).click();
      await page.getByLabel('Name').fill('The old laptop');
      await page.getByRole('button', { name: 'Add a passkey' }).click();
      await expectPage(page.getByRole('heading', { name: 'Your passkey is added' })).toBeVisible();
      await expectPage(page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')).toHaveCount(10);
      await page.getByRole('link', { name: 'I have kept them' }).click();
      const listed = page.getByRole('list', { name: 'Passkeys' }).getByRole('listitem');
      await expectPage(listed.getByText('not used yet')).toBeVisible();

      // The device has one for this account; the page says so, and nothing is sent.
      await page.getByRole('link', { name: 'Add a passkey' }).click();
      await page.getByRole('button', { name: 'Add a passkey' }).click();
      await expectPage(page.getByRole('alert')).toHaveText(/keeps a passkey for your account already/);

      await page.getByTitle(`Signed in as ${IRIS.email}`).click();
      await page.waitForURL(door.home);
      await device.isThere(false);
      expect(await lookAt('login?next=/account/security')).toEqual([]);
      await device.isThere(true);
      await page.getByRole('button', { name: 'Use a passkey' }).click();
      await page.waitForURL(`${door.home}account/security`);
      await expectPage(listed.getByText('last used')).toBeVisible();

      // What the page only offers, beside the e-mail, is taken as well: nobody presses anything here.
      await page.getByTitle(`Signed in as ${IRIS.email}`).click();
      await page.waitForURL(door.home);
      await page.goto(`${door.home}login?next=/account/sessions`);
      await page.waitForURL(`${door.home}account/sessions`);

      await letProofGrowOld(door, IRIS);
      expect(await lookAt('step-up?next=/account/passkeys')).toEqual([]);
      await page.getByRole('button', { name: 'Use a passkey' }).click();
      await page.waitForURL(`${door.home}account/passkeys`);
      expect(complaints).toEqual([]);
    },
    2 * MINUTE,
  );

  /** On the page that is open. Tells the path of the new one's page, which was told one thing. */
  async function addWebhook(): Promise<string> {
    await page.getByLabel('Name').fill('Books');
    await page.getByLabel('Address').fill('https://hooks.example.com/incoming/of-a-company-with-a-rather-long-address');
    await page.getByRole('button', { name: 'Add this webhook' }).click();
    await expectPage(page.getByRole('heading', { name: 'Your webhook is ready' })).toBeVisible();
    await page.getByRole('link', { name: 'I have kept it' }).click();
    await page.getByRole('button', { name: 'Send test' }).click();
    await expectPage(page.getByText('A test is on its way.')).toBeVisible();
    return new URL(page.url()).pathname.slice(1);
  }

  test(
    'has pages of its open store that fit a phone and that axe finds nothing in, by day and by night',
    async () => {
      await door.platform.settled(storeId, ['active']);
      await page.goto(`${door.home}account/webhooks/new`);
      const findings = await lookAt(await addWebhook());
      for (const path of ['', '/logs', '/access', '/access?full=machine', '/activity', '/settings', '/delete']) {
        findings.push(...(await lookAt(`stores/${storeId}${path}`)));
      }
      expect([findings, complaints]).toEqual([[], []]);
    },
    4 * MINUTE,
  );
});
