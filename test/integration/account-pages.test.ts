import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MINUTE } from '../../src/lib/time.ts';
import { forEachDatabase, type TestDatabase } from '../services/for-each-database.ts';
import { type Browser, PASSWORD, startWeb, type Web } from '../services/web.ts';
import { whereIs } from './mysql/fixtures.ts';

const NEW_PASSWORD = 'quite another battery staple';

forEachDatabase(
  (_name, connect) => {
    let database: TestDatabase;
    let web: Web;

    beforeAll(async () => {
      database = await connect();
      web = await startWeb(database);
    }, 5 * MINUTE);
    afterAll(() => web.stop());

    /** As if the password had been given ten minutes ago. */
    const letProofsAge = () =>
      database
        .as('admin')
        .kysely.updateTable('sessions')
        .set({ proven_at: new Date(Date.now() - 10 * MINUTE) })
        .execute();

    describe('what matters', () => {
      test('is behind the password once more, and comes back to its page', async () => {
        const { person } = await web.signUp('proves-again');
        await letProofsAge();

        const sent = await person.ask('/account/password');
        const posted = await person.ask('/account/password', { password: NEW_PASSWORD });
        const wrong = await person.ask('/step-up', {
          proof: 'password',
          password: 'not it',
          next: '/account/password',
        });
        const right = await person.ask('/step-up', {
          proof: 'password',
          password: PASSWORD,
          next: '/account/password',
        });

        const there = `/step-up?next=${encodeURIComponent('/account/password')}`;
        expect([sent, posted].map(({ status, location }) => [status, location])).toEqual([
          [303, there],
          [303, there],
        ]);
        expect(wrong.status).toBe(422);
        expect([right.status, right.location]).toEqual([303, '/account/password']);
        expect((await person.ask('/account/password')).status).toBe(200);
      });

      test('leads nowhere but to our own pages', async () => {
        const { person } = await web.signUp('stays-home');

        for (const next of ['//evil.example', 'https://evil.example/', '/\\evil.example']) {
          const answer = await person.ask('/step-up', { proof: 'password', password: PASSWORD, next });
          expect([answer.status, answer.location]).toEqual([303, '/account']);
        }
      });
    });

    describe('a changed password', () => {
      test('signs every other browser out, keeps this one, tells the owner, and is said once', async () => {
        const { person, form } = await web.signUp('new-password');
        const other = web.browser();
        await other.ask('/login', { email: form.email, password: PASSWORD });

        const changed = await person.ask('/account/password', { password: NEW_PASSWORD });
        const page = await person.ask('/account/security');
        const again = await person.ask('/account/security');

        expect([changed.status, changed.location]).toEqual([303, '/account/security']);
        expect([
          page.body.includes('Your password is changed'),
          again.body.includes('Your password is changed'),
        ]).toEqual([true, false]);
        expect((await other.ask('/account')).location).toBe('/login?next=%2Faccount');
        expect((await web.browser().ask('/login', { email: form.email, password: PASSWORD })).status).toBe(422);
        expect((await web.browser().ask('/login', { email: form.email, password: NEW_PASSWORD })).status).toBe(303);
        const mails = await database
          .as('admin')
          .kysely.selectFrom('outbox')
          .selectAll()
          .where('kind', '=', 'password-changed')
          .execute();
        expect(mails.map(({ recipient }) => recipient)).toEqual([form.email]);
        expect(await whereIs(database, NEW_PASSWORD)).toEqual([]);
      });

      test('is refused beside its field when it is weak, and is not repeated', async () => {
        const { person } = await web.signUp('weak-password');

        const answer = await person.ask('/account/password', { password: 'passwordpassword' });

        expect([answer.status, answer.body.includes('passwordpassword')]).toEqual([422, false]);
        expect(answer.body).toContain('first to be guessed');
      });
    });

    describe('who is signed in at several places', () => {
      test('signs out everywhere else, or here too: then nothing is left that opens anything', async () => {
        const { person: here, form } = await web.signUp('several-places');
        const elsewhere = async () => {
          const browser = web.browser();
          await browser.ask('/login', { email: form.email, password: PASSWORD });
          return browser;
        };
        const isSignedIn = async (browser: Browser) => (await browser.ask('/account')).status === 200;
        const first = await elsewhere();

        const others = await here.ask('/account/sessions', {});
        expect([others.location, await isSignedIn(here), await isSignedIn(first)]).toEqual([
          '/account/sessions',
          true,
          false,
        ]);

        const second = await elsewhere();
        const cookies = here.cookies();
        const all = await here.ask('/account/sessions', { session: 'all' });
        expect([all.status, all.location, await isSignedIn(here), await isSignedIn(second)]).toEqual([
          303,
          '/',
          false,
          false,
        ]);
        const withOldCookies = await fetch(`${web.base}/account`, { redirect: 'manual', headers: { cookie: cookies } });
        expect(withOldCookies.status).toBe(303);
      });
    });
  },
  { only: 'MySQL' },
);
