import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectPage, newVisitor } from '../browser.ts';
import { aWish, createButton, type FrontDoor, fieldsOf, fillSignUp, passwordField, post } from './world.ts';

const LONG = 'x'.repeat(10_000);
const RIGHT_TO_LEFT = '\u202Eevil\u202C';
const MARKUP = `"><script>document.title='owned'</script><b x='`;

/** What is typed into one field while the others are right, and that no form may take. */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  store_name: [
    '',
    'ab',
    '-rose',
    '--exec=echo X',
    '../../etc/passwd',
    'a b',
    'xn--pple-43d',
    'röslein',
    `rose${RIGHT_TO_LEFT}`,
    'admin',
    '$(reboot)',
    "rose'; DROP TABLE stores; --",
    MARKUP,
    LONG,
  ],
  email: [
    '',
    'rose',
    '--exec=echo@example.com',
    'a@b',
    `${RIGHT_TO_LEFT}@example.com`,
    `${MARKUP}@example.com`,
    `${LONG}@example.com`,
  ],
  password: ['', 'Sh0rt!One', 'password1234', LONG],
  domain: [
    'http://example.com/',
    '127.0.0.1',
    '*.example.com',
    'panel.test',
    'rose.shops-e2e.test',
    'co.uk',
    `ex${RIGHT_TO_LEFT}.com`,
    MARKUP,
    LONG,
  ],
};

/** As a browser would send it that checks nothing by itself. */
async function typeAll(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  await page.evaluate((values: Readonly<Record<string, string>>) => {
    // Runs in the page, whose types are not those of this program.
    const { document } = globalThis as unknown as { document: { forms: Iterable<PageForm> } };
    const form = [...document.forms].find((one) => 'store_name' in one.elements);
    if (form === undefined) throw new Error('There is no form to sign up');
    form.noValidate = true;
    for (const [name, value] of Object.entries(values)) {
      const field = form.elements[name];
      if (field === undefined) throw new Error(`There is no field ${name}`);
      field.removeAttribute?.('maxlength');
      field.value = value;
    }
    form.submit();
  }, fields);
}

interface PageForm {
  noValidate: boolean;
  readonly elements: Readonly<Record<string, { value: string; removeAttribute?(name: string): void } | undefined>>;
  submit(): void;
}

export function describeHostileValues(theDoor: () => FrontDoor): void {
  describe('what no form may take', () => {
    let page: Page;
    beforeAll(async () => {
      page = await (await newVisitor(theDoor().browser, { javaScriptEnabled: false })).newPage();
    });
    afterAll(() => page?.context().close());

    const cases = Object.entries(REFUSED).flatMap(([field, values]) => values.map((value) => [field, value] as const));
    test.each(cases.map(([field, value]) => [field, JSON.stringify(value).slice(0, 40), value] as const))(
      'as %s: %s is refused beside its field and in the summary; what was typed is kept as text, the password is not',
      async (field, _shown, value) => {
        const { home, platform } = theDoor();
        const wish = aWish('hostile');
        const fields: Record<string, string> = { ...fieldsOf(wish, `hostile ${field}`), domain: '', [field]: value };

        await page.goto(`${home}signup`);
        const answered = page.waitForResponse((response) => response.request().method() === 'POST');
        await typeAll(page, fields);
        const answer = await answered;
        await page.waitForLoadState('load');

        expect(answer.status()).toBe(422);
        expect(await answer.headerValue('set-cookie')).toBeNull();
        const input = page.locator(`#${field}`);
        await expectPage(input).toHaveAttribute('aria-invalid', 'true');
        const summary = page.getByRole('alert');
        const sentence = (await summary.getByRole('link').textContent()) ?? '';
        expect(sentence.length).toBeGreaterThan(10);
        expect(await summary.getByRole('link').getAttribute('href')).toBe(`#${field}`);
        await expectPage(page.locator(`#${field}-error`)).toHaveText(sentence);
        for (const name of ['store_name', 'email', 'domain']) {
          expect([name, await page.locator(`#${name}`).inputValue()]).toEqual([name, oneLine(fields[name] ?? '')]);
        }
        await expectPage(passwordField(page)).toHaveValue('');
        if (fields['password'] !== '') expect(await answer.text()).not.toContain(fields['password']);
        expect(await page.title()).not.toBe('owned');
        const { kysely } = platform.adapters.database;
        expect(await kysely.selectFrom('customers').select('id').where('email', '=', wish.email).execute()).toEqual([]);
      },
    );

    test('everything wrong at once is told at once, and the summary has the focus', async () => {
      const context = await newVisitor(theDoor().browser);
      const scripted = await context.newPage();
      await scripted.goto(`${theDoor().home}signup`);
      await fillSignUp(scripted, { ...aWish('a'), email: 'rose@example.com', password: 'Sh0rt!One' });
      await createButton(scripted).click();

      const summary = scripted.getByRole('alert');
      await expectPage(summary).toBeFocused();
      await expectPage(summary.getByRole('link')).toHaveCount(2);
      await summary.getByRole('link').first().click();
      await expectPage(scripted.getByLabel('Store name')).toBeFocused();
      await expectPage(scripted.getByLabel('Store name')).toHaveValue('a');
      await expectPage(scripted.getByLabel('E-mail')).toHaveValue('rose@example.com');
      expect(await scripted.content()).not.toContain('Sh0rt!One');
      await context.close();
    });

    test('a body that no form of ours sends is refused too, and makes nothing', async () => {
      const door = theDoor();
      const url = `${door.home}signup`;
      const send = (contentType: string, body: string) =>
        door.platform.visit(url, { method: 'POST', headers: { 'content-type': contentType }, body });
      const form = new URLSearchParams(fieldsOf(aWish('strange'))).toString();
      const answers = [
        await send('application/json', JSON.stringify(fieldsOf(aWish('strange')))),
        await send('text/plain', form),
        await send('multipart/form-data; boundary=b', 'not a part'),
        await send('application/x-www-form-urlencoded', ''),
        await send('application/x-www-form-urlencoded', `${form}&filler=${'y'.repeat(70_000)}`),
        await post(door, 'signup', {
          ...fieldsOf(aWish('strange')),
          email: 'rose@example.com\r\nBcc: all@example.com',
        }),
        await post(door, 'signup', { ...fieldsOf(aWish('strange')), store_name: 'strange\u0000' }),
        await post(door, 'signup', { ...fieldsOf(aWish('strange')), platform: 'magento' }),
        await post(door, 'signup', { ...fieldsOf(aWish('strange')), plan: '__proto__' }),
      ];

      expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 422, 413, 422, 422, 422, 422]);
      expect((await door.platform.adapters.repositories.stores.list()).map(({ name }) => name)).not.toContain(
        'strange',
      );
    });
  });
}

/** A field of one line takes line ends away, by the rules of HTML. */
const oneLine = (text: string): string => text.replaceAll(/[\r\n]/g, '');
