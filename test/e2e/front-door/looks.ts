import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext, Page } from '@playwright/test';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StepStatus } from '../../../src/domain/run.ts';
import type { StoreError, StoreStatus } from '../../../src/domain/store.ts';
import { complaintsOf, expectPage, newVisitor } from '../browser.ts';
import { until } from '../until.ts';
import { letProofGrowOld, ROSE } from './the-path.ts';
import {
  aWish,
  createButton,
  type FrontDoor,
  fillSignUp,
  logIn,
  passwordField,
  post,
  whileWorkersRest,
} from './world.ts';

/** Each page and state is looked at in both: light on a desk, dark on a narrow phone. */
const LOOKS = {
  'in light, on a wide screen': { colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  'in dark, 360 px wide': { colorScheme: 'dark', viewport: { width: 360, height: 740 } },
} as const;

const STATUSES = [
  'pending',
  'provisioning',
  'active',
  'failed',
  'suspended',
  'asleep',
  'deletion-scheduled',
  'deleting',
] as const satisfies readonly StoreStatus[];

const ADDRESS = '127.0.5.1';
/** What has the focus, by the name under which it is sent, else by what it says. */
const FOCUSED = '(({ id, name, textContent }) => name || id || textContent.trim())(document.activeElement)';
const MOST_TABS = 40;
/**
 * How far the page has moved by itself while it came (Cumulative Layout Shift). From the first key or click on it is not
 * the page alone that moves it: an answer to that may take longer than the half second that browsers excuse.
 */
const MOVED = `new Promise((resolve) => {
  const seen = { 'layout-shift': [], 'first-input': [] };
  const observers = Object.entries(seen).map(([type, entries]) => {
    const observer = new PerformanceObserver((list) => entries.push(...list.getEntries()));
    observer.observe({ type, buffered: true });
    return { observer, entries };
  });
  requestAnimationFrame(() => {
    for (const { observer, entries } of observers) {
      entries.push(...observer.takeRecords());
      observer.disconnect();
    }
    const touched = seen['first-input'][0]?.startTime ?? Infinity;
    resolve(seen['layout-shift'].reduce((sum, { value, startTime }) => sum + (startTime < touched ? value : 0), 0));
  });
})`;
/** Half of what web.dev calls good. */
const MOST_MOVED = 0.05;

export function describeLooks(theDoor: () => FrontDoor): void {
  describe.each(Object.entries(LOOKS))('every page and state, %s', (_name, look) => {
    let context: BrowserContext;
    let page: Page;
    let complaints: string[];
    beforeAll(async () => {
      context = await newVisitor(theDoor().browser, look);
      page = await context.newPage();
      complaints = complaintsOf(page);
    });
    afterAll(() => context?.close());

    /** Nothing that axe finds, nothing beyond the right edge, nothing that jumped while the page came, not a word in the console. */
    async function lookAt(what: string): Promise<void> {
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
      const tooWide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      const moved = await page.evaluate<number>(MOVED);
      const jumped = moved < MOST_MOVED ? [] : [moved];
      expect({ what, found, tooWide, jumped, complaints }).toEqual({
        what,
        found: [],
        tooWide: 0,
        jumped: [],
        complaints: [],
      });
    }

    test.each(['', 'signup', 'login', 'logout', 'no-such-page'])('/%s', async (path) => {
      await page.goto(theDoor().home + path);
      await lookAt(path);
    });

    test('the form as it is typed into, and as it comes back', async () => {
      await page.goto(`${theDoor().home}signup`);
      await page.getByLabel('Store name').fill(ROSE.name);
      await expectPage(page.getByText('This name is taken already.')).toBeVisible();
      await lookAt('a taken name');
      await page.getByRole('button', { name: `${ROSE.name}-shop` }).click();
      await expectPage(page.getByText('This name is free.')).toBeVisible();
      await page.getByText('Plan and domain').click();
      await lookAt('a free name');
      await page.getByLabel('Store name').fill('admin');
      await expectPage(page.locator('.name-answer')).toContainText('kept for the platform');
      await expectPage(page.locator('.name-preview strong')).toHaveText('admin');
      await fillSignUp(page, { ...aWish('admin'), password: 'short' });
      await createButton(page).click();
      await expectPage(page.getByRole('alert')).toBeFocused();
      await lookAt('refused');
    });

    test('the form with a platform that needs a larger plan: the plan follows it, with words and price', async () => {
      const door = theDoor();
      const { settings } = door.platform.adapters.repositories;
      const magento = page.locator('input[name=platform][value=magento]');
      const plan = (name: string) => page.locator(`input[name=plan][value=${name}]`);
      await whileWorkersRest(door, async () => {
        await settings.set('offer', { ...Object(await settings.get('offer')), unavailable: {} });
        await until(async () => {
          await page.goto(`${door.home}signup`);
          return (await magento.isEnabled()) || undefined;
        });
        await magento.check();
        await expectPage(page.getByText('The plan is now Business, €29 a month.')).toBeVisible();
        await page.getByText('Plan and domain').click();
        await expectPage(plan('business')).toBeChecked();
        await expectPage(plan('starter')).toBeDisabled();
        await lookAt('a platform that needs a larger plan');
        await page.locator('input[name=platform][value=wordpress]').check();
        await expectPage(plan('starter')).toBeChecked();
        await expectPage(page.locator('summary').first()).toContainText('Starter, €9 a month');
      });
    });

    test('a login that was wrong, and one too many', async () => {
      await page.goto(`${theDoor().home}login`);
      await page.getByLabel('E-mail').fill('looks@example.com');
      await passwordField(page).fill('not the one at all');
      await page.getByRole('button', { name: 'Log in' }).click();
      await expectPage(page.getByRole('alert')).toBeFocused();
      await lookAt('refused');
    });

    test('the dashboard and the store in each of its states, its keys hidden, asked for and shown', async () => {
      const door = theDoor();
      const { platform, home } = door;
      const { kysely } = platform.adapters.database;
      const { id } = await platform.store(ROSE.name);
      await logIn(door, page, ROSE);
      const run = await platform.adapters.repositories.runs.latest(id);
      const become = async (status: StoreStatus): Promise<void> => {
        const error = status === 'failed' ? JSON.stringify(AN_ERROR) : null;
        await sql`UPDATE stores SET status = ${status}, error_json = ${error} WHERE id = ${id}`.execute(kysely);
        // A failed store none of whose steps has failed is one that was taken up again.
        await sql`UPDATE provisioning_steps SET status = ${STEP_THEN[status] ?? 'done'}
          WHERE run_id = ${run?.id} AND name = ${AN_ERROR.step}`.execute(kysely);
      };
      const word = (status: StoreStatus) => page.getByText(new RegExp(`^${status.replaceAll('-', ' ')}$`, 'i')).first();
      await whileWorkersRest(door, async () => {
        for (const status of STATUSES) {
          await become(status);
          await page.goto(`${home}dashboard?all`);
          await expectPage(word(status)).toBeVisible();
          await lookAt(`dashboard, ${status}`);
          await page.goto(`${home}stores/${id}`);
          await expectPage(word(status)).toBeVisible();
          await lookAt(`store, ${status}`);
        }
        await become('provisioning');
        await page.goto(`${home}stores/${id}/cancel`);
        await lookAt('a store that is to be cancelled');
        await become('active');
      });
      await letProofGrowOld(door, ROSE);
      await page.goto(`${home}stores/${id}/credentials`);
      await lookAt('credentials, asked for');
      await passwordField(page).fill(ROSE.password);
      await page.getByRole('button', { name: 'Show the credentials' }).click();
      await expectPage(page.getByRole('button', { name: 'Hide' })).toBeVisible();
      await lookAt('credentials, shown');
      await page.getByRole('button', { name: 'Hide' }).click();
      await expectPage(page.getByRole('button', { name: 'Show the credentials' })).toBeVisible();
      await lookAt('credentials, hidden');
    });

    test('the other theme, chosen by hand, is kept', async () => {
      const other = look.colorScheme === 'dark' ? 'Light' : 'Dark';
      await page.goto(`${theDoor().home}dashboard?all`);
      await page.getByRole('button', { name: other }).click();
      await expectPage(page.locator('html')).toHaveAttribute('data-theme', other.toLowerCase());
      await page.reload();
      await expectPage(page.locator('html')).toHaveAttribute('data-theme', other.toLowerCase());
      await lookAt(`dashboard, ${other}`);
    });
  });

  describe('somebody without a mouse', () => {
    test('reaches every field and button of the form, in its order, and is led to what was wrong', async () => {
      const context = await newVisitor(theDoor().browser);
      const page = await context.newPage();
      await page.goto(`${theDoor().home}signup`);
      await page.waitForLoadState('networkidle');
      const order: string[] = [];
      while (order.at(-1) !== 'Create my store' && order.length < MOST_TABS) {
        await page.keyboard.press('Tab');
        order.push(await page.evaluate<string>(FOCUSED));
      }

      const wanted = ['Skip to the content', 'store_name', 'platform', 'email', 'password', 'Create my store'];
      expect(order.filter((name) => wanted.includes(name))).toEqual(wanted);
      await page.getByLabel('Store name').fill('admin');
      await page.getByLabel('E-mail').fill('keys@example.com');
      await passwordField(page).fill(aWish('keys').password);
      await page.keyboard.press('Enter');
      await expectPage(page.getByRole('alert')).toBeFocused();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await expectPage(page.getByLabel('Store name')).toBeFocused();
      await context.close();
    });
  });

  describe('the name that is typed', () => {
    test('is looked up without an account: free, taken with others that are free, not possible with the reason', async () => {
      const { platform, home } = theDoor();
      const ask = async (name: string): Promise<unknown> =>
        JSON.parse((await platform.visit(`${home}api/names?name=${encodeURIComponent(name)}`, { from: ADDRESS })).body);

      expect(await ask(' ROSE ')).toMatchObject({
        name: 'rose',
        available: false,
        reason: 'This name is taken already.',
      });
      expect(await ask('rose')).toMatchObject({ suggestions: expect.arrayContaining(['rose-shop']) });
      expect(await ask('never-seen')).toMatchObject({ name: 'never-seen', available: true, reason: null });
      expect(await ask('<script>')).toMatchObject({ available: false, reason: expect.stringContaining('letters') });
    });

    test('is refused when it was taken meanwhile, with the answer beside the field', async () => {
      const answer = await post(
        theDoor(),
        'signup',
        { store_name: ROSE.name, platform: 'wordpress', email: 'late@example.com', password: aWish('late').password },
        { from: ADDRESS },
      );
      expect(answer.status).toBe(422);
      expect(answer.body).toContain('This name is already taken. Please choose another one.');
      expect(answer.headers['set-cookie']).toBeUndefined();
    });
  });
}

/** What the step that `AN_ERROR` names is then; it is done otherwise. */
const STEP_THEN: Partial<Record<StoreStatus, StepStatus>> = { provisioning: 'running', failed: 'failed' };

const AN_ERROR: StoreError = {
  code: 'container_unhealthy',
  message: 'The database of the store is not healthy after 300 s.',
  hint: null,
  step: 'start-containers',
  retryable: true,
  at: new Date(),
};
