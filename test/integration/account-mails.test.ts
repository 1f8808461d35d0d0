import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../src/lib/time.ts';
import { createAuthenticator } from '../services/authenticator.ts';
import { forEachDatabase, type TestDatabase } from '../services/for-each-database.ts';
import { linkIn, openMailbox } from '../services/mailbox.ts';
import { addPasskey, logInByPasskey, ORIGIN } from '../services/passkeys.ts';
import { logInWithCode, recoveryCodesIn } from '../services/second-factor.ts';
import { PASSWORD, startWeb, type Web } from '../services/web.ts';
import { whereIs } from './mysql/fixtures.ts';

const NEW_PASSWORD = 'quite another battery staple';
const AT_ONCE = 20;
const MAILS_A_DAY = 10;
const ON_A_NEW_DEVICE = 'Your account was opened on a new device';

forEachDatabase(
  (_name, connect) => {
    let database: TestDatabase;
    let web: Web;
    let mailbox: ReturnType<typeof openMailbox>;

    beforeAll(async () => {
      database = await connect();
      web = await startWeb(database);
      mailbox = openMailbox(database);
    }, 5 * MINUTE);
    afterAll(() => web.stop());

    const tokenOf = (link: string): string => link.split('token=')[1] ?? '';
    const letTokensAge = (ms: number) =>
      database
        .as('admin')
        .kysely.updateTable('one_time_tokens')
        .set({ expires_at: new Date(Date.now() - ms) })
        .execute();

    async function verified(name: string, over: Record<string, string> = {}) {
      const made = await web.signUp(name, over);
      const link = linkIn(await mailbox.collect(made.form.email), 'verify-email');
      expect((await made.person.ask(link, {})).status).toBe(303);
      return made;
    }
    const resetLinkFor = async (email: string): Promise<string> => {
      await web.browser().ask('/forgot-password', { email });
      return linkIn(await mailbox.collect(email), 'reset-password');
    };
    const logIn = (email: string, password: string) => web.browser().ask('/login', { email, password });

    describe('an address', () => {
      test('is confirmed by the link of the mail, which a look does not use up, once, and then the banner is gone', async () => {
        const { person, form } = await web.signUp('confirms');
        expect((await person.ask('/dashboard?all')).body).toContain('Please confirm');
        const mails = await mailbox.collect(form.email);
        const link = linkIn(mails, 'verify-email');

        for (let look = 1; look <= 3; look += 1) expect((await person.ask(link)).status).toBe(200);
        const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => person.ask(link, {})));

        expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
        expect(answers.filter(({ status }) => status === 410)).toHaveLength(AT_ONCE - 1);
        expect((await person.ask('/dashboard?all')).body).not.toContain('Please confirm');
        expect(await whereIs(database, tokenOf(link))).toEqual([]);
      });

      test('is not confirmed by whoever has the mail but not the account, nor by a link that is over', async () => {
        const { form } = await web.signUp('not-hers');
        const link = linkIn(await mailbox.collect(form.email), 'verify-email');
        const { person: other } = await web.signUp('other-person');

        expect((await web.browser().ask(link)).location).toBe(`/login?next=${encodeURIComponent(link)}`);
        expect((await other.ask(link)).body).toContain('another account');
        expect((await other.ask(link, {})).status).toBe(410);
        await letTokensAge(1);
        const late = web.browser();
        await late.ask('/login', { email: form.email, password: PASSWORD });
        expect((await late.ask(link, {})).status).toBe(410);
      });

      test('is mailed another link, five times an hour; only the newest works', async () => {
        const { person, form } = await web.signUp('again');
        const first = linkIn(await mailbox.collect(form.email), 'verify-email');
        const statuses = [];
        for (let time = 1; time <= 6; time += 1) statuses.push((await person.ask('/account/verification', {})).status);
        const newest = linkIn(await mailbox.collect(form.email), 'verify-email');

        expect(statuses).toEqual([303, 303, 303, 303, 303, 429]);
        expect((await person.ask(first, {})).status).toBe(410);
        expect((await person.ask(newest, {})).status).toBe(303);
      });

      test('that is not confirmed gets no second store', async () => {
        const { person, form } = await web.signUp('wants-two');
        const { body } = await person.ask('/signup');
        const second = {
          signed_in_as: form.email,
          password: PASSWORD,
          store_name: 'wants-two-more',
          platform: 'wordpress',
          idempotency_key: /name="idempotency_key" value="([^"]+)"/.exec(body)?.[1] ?? '',
        };

        const refused = await person.ask('/signup', second);
        await person.ask(linkIn(await mailbox.collect(form.email), 'verify-email'), {});
        const made = await person.ask('/signup', second);

        expect([refused.status, refused.body.includes('confirm your e-mail')]).toEqual([403, true]);
        expect(made.status).toBe(303);
      });

      test('that one account holds cannot be had by another; only its owner learns why', async () => {
        const email = 'held@example.com';
        await verified('holds', { email });
        const { person: stranger } = await web.signUp('covets', { email, password: 'a password of a stranger' });
        await mailbox.collect(email);

        const asked = await stranger.ask('/account/verification', {});
        const mails = await mailbox.collect(email);

        expect([asked.status, asked.location]).toEqual([303, '/account']);
        expect(mails.map(({ subject }) => subject)).toEqual(['Your e-mail address has an account already']);
        const accounts = await database.repositories.customers.listForLogin(email);
        expect(accounts.map(({ isClaimed }) => isClaimed)).toEqual([true, false]);
      });
    });

    describe('a forgotten password', () => {
      test('is replaced by the link of a mail, once; everybody is signed out, the owner told, nobody signed in', async () => {
        const { person, form } = await verified('forgets');
        const link = await resetLinkFor(form.email);

        for (let look = 1; look <= 3; look += 1) expect((await web.browser().ask(link)).status).toBe(200);
        const weak = await web.browser().ask(link, { password: 'password1234' });
        const answers = await Promise.all(
          Array.from({ length: AT_ONCE }, () => web.browser().ask(link, { password: NEW_PASSWORD })),
        );

        expect(weak.status).toBe(422);
        const won = answers.filter(({ status }) => status === 303);
        expect(won.map(({ location }) => location)).toEqual(['/login']);
        expect(won[0]?.headers.getSetCookie().some((line) => line.startsWith('__Host-session'))).toBe(false);
        expect(answers.filter(({ status }) => status === 410 || status === 429)).toHaveLength(AT_ONCE - 1);
        expect((await person.ask('/account')).location).toBe('/login?next=%2Faccount');
        expect((await logIn(form.email, PASSWORD)).status).toBe(422);
        expect((await logIn(form.email, NEW_PASSWORD)).status).toBe(303);
        expect((await mailbox.collect(form.email)).map(({ subject }) => subject)).toEqual([
          'Your password was changed',
          ON_A_NEW_DEVICE,
        ]);
        for (const secret of [tokenOf(link), NEW_PASSWORD]) expect(await whereIs(database, secret)).toEqual([]);
      });

      test('the link is over in time, with the next one, and with a change of the password', async () => {
        const { person, form } = await verified('three-links');
        const first = await resetLinkFor(form.email);
        const second = await resetLinkFor(form.email);
        expect((await web.browser().ask(first)).status).toBe(410);
        expect((await web.browser().ask(second)).status).toBe(200);
        await letTokensAge(1);
        expect((await web.browser().ask(second)).status).toBe(410);
        expect((await person.ask('/account')).status).toBe(200);
      });

      test('leads the owner of an address into an account that a stranger has made with it, and the stranger out', async () => {
        const email = 'taken-first@example.com';
        const { person: stranger } = await web.signUp('taken-first', { email, password: 'a password of a stranger' });
        await mailbox.collect(email);

        await web.browser().ask(await resetLinkFor(email), { password: NEW_PASSWORD });

        expect((await stranger.ask('/account')).location).toBe('/login?next=%2Faccount');
        expect((await logIn(email, 'a password of a stranger')).status).toBe(422);
        const owner = web.browser();
        await owner.ask('/login', { email, password: NEW_PASSWORD });
        expect((await owner.ask('/dashboard?all')).body).not.toContain('Please confirm');
      });

      test('of several accounts that carry an address the chosen one is opened', async () => {
        const email = 'several@example.com';
        await web.signUp('several-one', { email, password: 'the password of one' });
        await web.signUp('several-two', { email, password: 'the password of two' });
        await mailbox.collect(email);
        const link = await resetLinkFor(email);

        const { body } = await web.browser().ask(link);
        const two = /value="(cus_\w+)"[^]*?several-two/.exec(body.slice(body.indexOf('several-one')))?.[1] ?? '';
        const answer = await web.browser().ask(link, { account: two, password: NEW_PASSWORD });

        expect(answer.status).toBe(303);
        const accounts = await database.repositories.customers.listForLogin(email);
        expect(accounts.find(({ isClaimed }) => isClaimed)?.id).toBe(two);
        expect((await logIn(email, 'the password of one')).status).toBe(303);
        expect((await logIn(email, 'the password of two')).status).toBe(422);
      });

      test('the host that a visitor claims to ask for is in no link', async () => {
        const { form } = await verified('host-header');
        await web.browser().ask('/forgot-password', { email: form.email }, { 'x-forwarded-host': 'evil.example' });

        const [mail] = await mailbox.collect(form.email);

        expect(mail?.text).toContain('https://panel.test/reset-password?token=');
        expect(mail?.text).not.toContain('evil.example');
      });
    });

    describe('another address', () => {
      test('becomes the account’s when its own link is followed; both are told, others signed out, and the old one can take it back', async () => {
        const { person, form } = await verified('moves');
        const other = web.browser();
        await other.ask('/login', { email: form.email, password: PASSWORD });

        const asked = await person.ask('/account/email', { email: 'moved@example.com' });
        expect([asked.status, (await person.ask('/account')).body.includes(form.email)]).toEqual([303, true]);
        const link = linkIn(await mailbox.collect('moved@example.com'), 'verify-email');
        const confirmed = await person.ask(link, {});
        const [toOld, toNew] = [await mailbox.collect(form.email), await mailbox.collect('moved@example.com')];

        expect(confirmed.status).toBe(303);
        expect((await other.ask('/account')).status).toBe(303);
        expect((await logIn('moved@example.com', PASSWORD)).status).toBe(303);
        expect([toOld, toNew].map((mails) => mails.map(({ subject }) => subject))).toEqual([
          [ON_A_NEW_DEVICE, 'Your account has another e-mail address'],
          ['Your account has another e-mail address'],
        ]);
        expect(toNew[0]?.text).not.toContain('restore-email');

        const back = linkIn(toOld, 'restore-email');
        expect((await web.browser().ask(back)).status).toBe(200);
        expect((await web.browser().ask(back, {})).location).toBe('/forgot-password');
        expect((await web.browser().ask(back, {})).status).toBe(410);
        expect((await person.ask('/account')).status).toBe(303);
        expect((await logIn('moved@example.com', PASSWORD)).status).toBe(422);
        expect((await logIn(form.email, PASSWORD)).status).toBe(303);
      });

      test('that somebody else holds is not said to be taken, and is not taken', async () => {
        const { form: owner } = await verified('has-it');
        const { person } = await verified('wants-it');

        const asked = await person.ask('/account/email', { email: owner.email });
        const mails = await mailbox.collect(owner.email);

        expect([asked.status, asked.location]).toEqual([303, '/account']);
        expect(mails.map(({ subject }) => subject)).toEqual(['Your e-mail address has an account already']);
      });
    });

    describe('a log-in by a browser that the account does not know', () => {
      const subjectsTo = async (email: string) => (await mailbox.collect(email)).map(({ subject }) => subject);

      test('is told to the owner of a confirmed address, whatever opens the account; by one that it knows it is not', async () => {
        const { form } = await web.signUp('not-confirmed');
        await subjectsTo(form.email);
        await logIn(form.email, PASSWORD);
        expect(await subjectsTo(form.email)).toEqual([]);

        const { person, form: confirmed } = await verified('confirmed');
        const { email } = confirmed;
        const elsewhere = web.browser();
        await elsewhere.ask('/login', { email, password: PASSWORD }, { 'user-agent': 'curl/8.0' });
        const [mail] = await mailbox.collect(email);
        expect([mail?.subject, mail?.text.includes('curl, 127.0.0.1')]).toEqual([ON_A_NEW_DEVICE, true]);
        for (const known of [elsewhere, person]) await known.ask('/login', { email, password: PASSWORD });
        expect(await subjectsTo(email)).toEqual([]);

        const device = createAuthenticator({ origin: ORIGIN });
        const [code = ''] = recoveryCodesIn(await addPasskey(person, device));
        await subjectsTo(email);
        await logInByPasskey(web.browser(), device);
        expect(await subjectsTo(email)).toEqual([ON_A_NEW_DEVICE]);
        await logInByPasskey(elsewhere, device);
        expect(await subjectsTo(email)).toEqual([]);
        await logInWithCode(web.browser(), { email, password: PASSWORD, code });
        expect((await subjectsTo(email)).toSorted()).toEqual(['A recovery code was used', ON_A_NEW_DEVICE]);
      });

      test('is told ten times in a day; one that fails does not count', async () => {
        const { person, form } = await verified('often');
        const { email } = form;
        const device = createAuthenticator({ origin: ORIGIN });
        await addPasskey(person, device);
        for (let time = 1; time <= 3; time += 1) {
          await logInWithCode(web.browser(), { email, password: PASSWORD, code: 'no such code' });
        }
        await subjectsTo(email);

        for (let time = 1; time <= MAILS_A_DAY + 1; time += 1) {
          expect((await logInByPasskey(web.browser(), device)).status).toBe(303);
        }

        expect(await subjectsTo(email)).toHaveLength(MAILS_A_DAY);
      });
    });

    test('links that nobody can use any more are taken away', async () => {
      await letTokensAge(HOUR);
      await database.repositories.oneTimeTokens.removeExpired(new Date());
      expect(await database.as('admin').kysely.selectFrom('one_time_tokens').selectAll().execute()).toEqual([]);
    });
  },
  { only: 'MySQL' },
);
