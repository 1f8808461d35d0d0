import type { Page } from '@playwright/test';
import { describe, expect, test } from 'vitest';
import { newVisitor } from '../browser.ts';
import { until } from '../until.ts';
import {
  aWish,
  createButton,
  type FrontDoor,
  fieldsOf,
  fillSignUp,
  idOfStorePage,
  post,
  signUp,
  type Wish,
  whileWorkersRest,
} from './world.ts';

/** How many stores and accounts came of a wish, and how many welcomes. */
async function countOf({ platform }: FrontDoor, { name, email }: Wish): Promise<Record<string, number>> {
  const { kysely } = platform.adapters.database;
  const [stores, customers] = await Promise.all([
    kysely.selectFrom('stores').select('id').where('name', '=', name).execute(),
    kysely.selectFrom('customers').select('id').where('email', '=', email).execute(),
  ]);
  return { stores: stores.length, customers: customers.length };
}

const ONE = { stores: 1, customers: 1 };

export function describeOneWish(theDoor: () => FrontDoor): void {
  describe('one wish is one store', () => {
    test('when the button is pressed twice', async () => {
      const wish = aWish('twice');
      for (const javaScriptEnabled of [true, false]) {
        const context = await newVisitor(theDoor().browser, { javaScriptEnabled });
        await whileWorkersRest(theDoor(), async () => {
          const page = await context.newPage();
          await filledForm(theDoor(), page, wish);
          await createButton(page).dblclick();
          await idOfStorePage(page);
        });
        await context.close();

        expect(await countOf(theDoor(), wish)).toEqual(ONE);
      }
    });

    test('when the visitor goes back and posts the form again', async () => {
      const wish = aWish('again');
      const context = await newVisitor(theDoor().browser);
      const ids = await whileWorkersRest(theDoor(), async () => {
        const page = await context.newPage();
        const first = await signUp(theDoor(), page, wish);
        await page.goBack();
        // By now it is the form for somebody who is signed in.
        await page.locator('input[name=signed_in_as]').waitFor({ state: 'attached' });
        await fillSignUp(page, wish);
        await createButton(page).click();
        return [first, await idOfStorePage(page)];
      });
      await context.close();

      expect(new Set(ids).size).toBe(1);
      expect(await countOf(theDoor(), wish)).toEqual(ONE);
    });

    test('when two tabs post it at the same moment', async () => {
      const wish = aWish('tabs');
      const context = await newVisitor(theDoor().browser);
      const ids = await whileWorkersRest(theDoor(), async () => {
        const pages = await Promise.all([context.newPage(), context.newPage()]);
        for (const page of pages) await filledForm(theDoor(), page, wish);
        await Promise.all(pages.map((page) => createButton(page).click()));
        return Promise.all(pages.map(idOfStorePage));
      });
      await context.close();

      expect(new Set(ids).size).toBe(1);
      expect(await countOf(theDoor(), wish)).toEqual(ONE);
    });

    test('but not for somebody else who sends the same key', async () => {
      const mine = aWish('keyed');
      const theirs = { ...aWish('stolen'), password: 'quite another set of words' };
      await whileWorkersRest(theDoor(), async () => {
        const first = await post(theDoor(), 'signup', fieldsOf(mine, 'one key for both'));
        const second = await post(theDoor(), 'signup', fieldsOf(theirs, 'one key for both'));

        expect(first.status).toBe(303);
        expect(second.status).toBe(422);
        expect(second.headers['set-cookie']).toBeUndefined();
        expect(second.body).toContain('This form was sent before');
      });

      expect(await countOf(theDoor(), theirs)).toEqual({ stores: 0, customers: 0 });
    });
  });

  describe('the eleventh customer of a platform with ten ports', () => {
    const FIRST_RANGE = 10;

    test('gets a store like the first, from the same address', async () => {
      const { platform } = theDoor();
      const before = await platform.adapters.repositories.stores.list();
      for (let number = before.length; number < FIRST_RANGE; number += 1) {
        expect((await post(theDoor(), 'signup', fieldsOf(aWish(`customer-${number + 1}`)))).status).toBe(303);
      }
      const wish = aWish('eleventh');

      const answer = await post(theDoor(), 'signup', fieldsOf(wish));

      expect(answer.status).toBe(303);
      const id = String(answer.headers['location']).split('/').at(-1) ?? '';
      const store = await platform.settled(id, ['active']);
      expect((await platform.visit(store.url)).status).toBe(200);
      const { port } = await platform.adapters.repositories.stores.get(id);
      expect(port).toBeGreaterThan(platform.config.ports.end);
      const all = await until(async () => {
        const stores = await platform.adapters.repositories.stores.list();
        return stores.every(({ status }) => status === 'active') ? stores : undefined;
      });
      expect(all.length).toBeGreaterThan(FIRST_RANGE);
    });
  });
}

async function filledForm({ home }: FrontDoor, page: Page, wish: Wish): Promise<void> {
  await page.goto(`${home}signup`);
  await fillSignUp(page, wish);
}
