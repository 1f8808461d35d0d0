import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { MINUTE } from '../../../src/lib/time.ts';
import { expectPage, newVisitor } from '../browser.ts';
import {
  aWish,
  type FrontDoor,
  fieldsOf,
  logIn,
  post,
  signUp,
  untilOpen,
  whileAStepRests,
  whileWorkersRest,
} from './world.ts';

/** The web process and those it has forked. */
async function webPids({ platform }: FrontDoor): Promise<number[]> {
  const { services } = (await platform.ok('status')) as unknown as { services: { web: { pid: number } } };
  const { pid } = services.web;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return [pid, ...children.split(' ').filter(Boolean).map(Number)];
}

const ownService = ({ platform }: FrontDoor, name: 'mysql' | 'redis') =>
  platform.adapters.docker.getContainer(`shophosting-${platform.config.instanceId}-${name}`);

const untilWell = ({ platform }: FrontDoor) => platform.untilReady();

/** A page that tells, after a visit of its own, how often it was loaded. */
function countLoads(page: Page): () => number {
  let loads = 0;
  page.on('load', () => (loads += 1));
  return () => loads;
}

export function describeInterruptions(theDoor: () => FrontDoor): void {
  describe('while a store is made and watched', () => {
    test('workers and web processes are killed: the page gets to the open store by itself', async () => {
      const door = theDoor();
      const context = await newVisitor(door.browser);
      const page = await context.newPage();
      const loads = countLoads(page);
      const wish = aWish('killed');
      // Looked up before: that alone may take as long as a store.
      const pids = [...(await door.platform.workerPids()), ...(await webPids(door))];
      const id = await signUp(door, page, wish);
      await expectPage(page.locator('[aria-current=step]')).toHaveCount(1, { timeout: 2 * MINUTE });
      const loadsBefore = loads();

      for (const pid of pids) process.kill(pid, 'SIGKILL');

      await expectPage(page.getByText('Reconnecting.')).toBeVisible();
      await untilOpen(page);
      expect(loads()).toBe(loadsBefore);
      expect((await door.platform.visit((await door.platform.store(id)).url)).status).toBe(200);
      await context.close();
    });

    test('what could not be loaded is asked for again, though the line stands and nothing else happens', async () => {
      const door = theDoor();
      const context = await newVisitor(door.browser);
      const page = await context.newPage();
      const pids = await door.platform.workerPids();
      const storeId = await whileWorkersRest(door, async () => {
        const id = await signUp(door, page, aWish('unlucky'));
        await expectPage(page.getByText('0 of 10 steps done')).toBeVisible();
        await page.route(/\.data/, (route) => route.abort());
        return id;
      });

      await whileAStepRests(door, { storeId, pids }, async () => {
        await expectPage(page.getByText('Reconnecting.')).toBeVisible();
        await page.unroute(/\.data/);
        await expectPage(page.locator('[aria-current=step]')).toHaveCount(1);
        await expectPage(page.getByText('Reconnecting.')).toHaveCount(0);
      });
      await untilOpen(page);
      await context.close();
    });

    test('a store that fails tells why in plain words, with a reference; Retry goes on to an open store', async () => {
      const door = theDoor();
      const { platform } = door;
      const context = await newVisitor(door.browser);
      const page = await context.newPage();
      let images: Readonly<Record<string, string>> = {};
      const id = await whileWorkersRest(door, async () => {
        const made = await signUp(door, page, aWish('failing'));
        const other = (await platform.adapters.repositories.stores.list({ status: 'active' }))[0];
        images = other?.images ?? {};
        await writeImages(door, made, { ...images, cache: `sha256:${'0'.repeat(64)}` });
        return made;
      });

      const { run } = await platform.settled(id, ['failed']);

      await expectPage(page.getByRole('heading', { name: 'failing is not finished yet' })).toBeVisible();
      const card = page.getByRole('region', { name: 'A part that your shop is built from is missing' });
      await expectPage(card.getByText('Likely cause')).toBeVisible();
      await expectPage(card.getByText('It is not caused by anything you entered.')).toBeVisible();
      await expectPage(card.getByText('What we tried')).toBeVisible();
      await expectPage(card.locator('.reference code')).toHaveText(run?.id ?? '');
      expect(await page.locator('main').innerText()).not.toMatch(/docker|sha256|container|\/var\//i);
      await whileWorkersRest(door, async () => {
        await writeImages(door, id, images);
        const store = await platform.adapters.repositories.stores.get(id);
        await platform.adapters.containers.remove(store, AbortSignal.timeout(MINUTE));
        await platform.adapters.composeFiles.write(store);
        await page.getByRole('button', { name: 'Retry' }).click();
        await expectPage(page.getByRole('heading', { name: 'failing is about to begin' })).toBeVisible();
        await expectPage(card).toHaveCount(0);
      });
      await untilOpen(page);
      await context.close();
    });

    test('Redis does not answer: the form is taken all the same, and the store is made', async () => {
      const door = theDoor();
      const context = await newVisitor(door.browser);
      const page = await context.newPage();
      const redis = ownService(door, 'redis');
      await redis.stop();
      try {
        await signUp(door, page, aWish('without-redis'));
        await untilOpen(page);
      } finally {
        await redis.start().catch(() => undefined);
      }
      await context.close();
      await untilWell(door);
    });

    test('MySQL does not answer: every page says so in our own layout, nothing is half-made, and the same form works afterwards', async () => {
      const door = theDoor();
      const { platform, home } = door;
      const context = await newVisitor(door.browser);
      const page = await context.newPage();
      const wish = aWish('without-mysql');
      await logIn(door, page, aWish('killed'));
      const mysql = ownService(door, 'mysql');
      await mysql.pause();
      try {
        const [refused, ready, ...pages] = await Promise.all([
          post(door, 'signup', fieldsOf(wish)),
          platform.visit(`${home}readyz`),
          ...['', 'signup', 'dashboard'].map(async (path) => {
            const tab = await context.newPage();
            const answer = await tab.goto(home + path, { timeout: 2 * MINUTE });
            return { path, answer, tab };
          }),
        ]);
        expect([refused.status, ready.status]).toEqual([503, 503]);
        for (const { path, answer, tab } of pages) {
          expect([path, answer?.status()]).toEqual([path, 503]);
          expect(Number(answer?.headers()['retry-after'])).toBeGreaterThan(0);
          await expectPage(tab.getByRole('heading', { name: 'Back in a minute' })).toBeVisible();
          await expectPage(tab.getByRole('link', { name: 'ShopHosting' })).toBeVisible();
        }
        expect((await platform.visit(`${home}healthz`)).status).toBe(200);
      } finally {
        await mysql.unpause();
      }
      await untilWell(door);
      const { kysely } = platform.adapters.database;
      expect(await kysely.selectFrom('customers').select('id').where('email', '=', wish.email).execute()).toEqual([]);

      const again = await post(door, 'signup', fieldsOf(wish));

      expect(again.status).toBe(303);
      expect(await kysely.selectFrom('stores').select('id').where('name', '=', wish.name).execute()).toHaveLength(1);
      await page.goto(`${home}dashboard?all`);
      await expectPage(page.getByRole('article', { name: 'killed' })).toBeVisible();
      await context.close();
    });
  });
}

const writeImages = ({ platform }: FrontDoor, id: string, images: object) =>
  sql`UPDATE stores SET images_json = ${JSON.stringify(images)} WHERE id = ${id}`.execute(
    platform.adapters.database.kysely,
  );
