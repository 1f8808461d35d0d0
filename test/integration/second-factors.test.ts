import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MINUTE } from '../../src/lib/time.ts';
import { forEachDatabase, type TestDatabase } from '../services/for-each-database.ts';
import { codeOf, letCodesBeNew, logInWithCode, recoveryCodesIn, setUpApp } from '../services/second-factor.ts';
import { PASSWORD, startWeb, type Web } from '../services/web.ts';
import { letClaim, whereIs } from './mysql/fixtures.ts';

const AT_ONCE = 20;
/** Each takes five codes. */
const LOG_INS = 4;
const ABOUT_FACTORS = ['second-factor-changed', 'recovery-code-used'];
const ANOTHER_PASSWORD = 'quite another battery staple';

forEachDatabase(
  (_name, connect) => {
    let database: TestDatabase;
    let web: Web;

    beforeAll(async () => {
      database = await connect();
      web = await startWeb(database);
    }, 5 * MINUTE);
    afterAll(() => web.stop());

    /** Somebody with an app, signed in; codes are new. */
    async function somebody(name: string) {
      const { person, form, storeId } = await web.signUp(name);
      const { id } = (await database.repositories.customers.findByEmail(form.email)) ?? { id: '' };
      const app = await setUpApp(person);
      await letCodesBeNew(database);
      const logIn = (code: string, over: { next?: string } = {}) =>
        logInWithCode(web.browser(), { email: form.email, password: PASSWORD, code, ...over });
      return { person, email: form.email, id, storeId, logIn, ...app };
    }

    const letProofsAge = () =>
      database
        .as('admin')
        .kysely.updateTable('sessions')
        .set({ proven_at: new Date(Date.now() - 10 * MINUTE) })
        .execute();
    const actionsOf = async (target: string) =>
      (await database.repositories.audit.list({ target })).map(({ action }) => action).toReversed();
    const mailsTo = async (email: string) => {
      const kinds = database.as('admin').kysely.selectFrom('outbox').select('kind').where('recipient', '=', email);
      return (await kinds.execute()).map(({ kind }) => kind).filter((kind) => ABOUT_FACTORS.includes(kind));
    };

    describe('an authenticator app', () => {
      test('counts once a code of it was shown, with ten recovery codes; other browsers are out, the owner is told', async () => {
        const { person, form } = await web.signUp('sets-up');
        const other = web.browser();
        await other.ask('/login', { email: form.email, password: PASSWORD });
        const { body } = await person.ask('/account/authenticator');
        const sealed = /name="sealed" value="([^"]+)"/.exec(body)?.[1] ?? '';
        const wrong = await person.ask('/account/authenticator', { sealed, code: '000000' });
        expect([wrong.status, wrong.body.includes(sealed)]).toEqual([422, true]);
        expect((await web.browser().ask('/login', { email: form.email, password: PASSWORD })).location).toBe(
          '/dashboard',
        );

        const { answer, secret, recoveryCodes } = await setUpApp(person);

        expect([answer.status, recoveryCodes.length]).toEqual([200, 10]);
        expect((await other.ask('/account')).location).toBe('/login?next=%2Faccount');
        expect((await person.ask('/account/security')).body).toContain('10 left');
        expect(await mailsTo(form.email)).toEqual(['second-factor-changed']);
        expect(await whereIs(database, secret)).toEqual([]);
        expect(await whereIs(database, recoveryCodes[0] ?? '')).toEqual([]);
      });

      test('of one account is not taken for another, nor set up twice', async () => {
        const ann = await web.signUp('swaps-ann');
        const bob = await web.signUp('swaps-bob');
        const { body } = await ann.person.ask('/account/authenticator');
        const sealed = /name="sealed" value="([^"]+)"/.exec(body)?.[1] ?? '';
        const secret = (/class="totp-key"[^>]*>([A-Z2-7 ]+)</.exec(body)?.[1] ?? '').replaceAll(' ', '');

        const swapped = await bob.person.ask('/account/authenticator', { sealed, code: codeOf(secret) });
        const first = await ann.person.ask('/account/authenticator', { sealed, code: codeOf(secret) });
        const second = await ann.person.ask('/account/authenticator', { sealed, code: codeOf(secret) });

        expect([swapped.status, recoveryCodesIn(swapped)]).toEqual([422, []]);
        expect([first.status, second.status]).toEqual([200, 409]);
      });
    });

    describe('a log-in', () => {
      test('has no session before its second step, keeps where it was going, and takes each code once', async () => {
        const { email, secret, id, logIn } = await somebody('two-steps');
        const person = web.browser();
        const first = await person.ask('/login', { email, password: PASSWORD, next: '/account' });

        expect([first.status, first.location]).toEqual([303, '/login/second-step?next=%2Faccount']);
        expect((await person.ask('/account')).location).toBe('/login?next=%2Faccount');
        expect((await person.ask(first.location)).body).toContain(email);
        expect((await person.ask('/login/second-step', { code: '000000', next: '/account' })).status).toBe(422);
        const code = codeOf(secret);
        const done = await person.ask('/login/second-step', { code, next: '/account' });
        expect([done.status, done.location]).toEqual([303, '/account']);
        expect((await person.ask('/account')).status).toBe(200);

        expect((await logIn(code)).status).toBe(422);
        const elsewhere = await logIn(codeOf(secret, 1), { next: 'https://evil.example/' });
        expect([elsewhere.status, elsewhere.location]).toEqual([303, '/dashboard']);
        expect((await web.browser().ask('/login/second-step?next=/account')).location).toBe('/login?next=%2Faccount');
        expect((await actionsOf(id)).filter((action) => action.startsWith('second_factor'))).toEqual([
          'second_factor.added',
          'second_factor.refused',
          'second_factor.refused',
        ]);
      });

      test(`with one code ${AT_ONCE} times at one moment, of several log-ins, succeeds once`, async () => {
        const { email, secret, recoveryCodes } = await somebody('all-at-once');
        const successes = async (code: string) => {
          const people = [];
          for (let index = 0; index < LOG_INS; index += 1) {
            const person = web.browser();
            const { location } = await person.ask('/login', { email, password: PASSWORD });
            expect(location).toMatch(/^\/login\/second-step/);
            people.push(...Array.from({ length: AT_ONCE / LOG_INS }, () => person));
          }
          const answers = await Promise.all(people.map((person) => person.ask('/login/second-step', { code })));
          return answers.filter(({ status, location }) => status === 303 && location === '/dashboard').length;
        };

        expect(await successes(codeOf(secret))).toBe(1);
        expect(await successes(recoveryCodes[0] ?? '')).toBe(1);
      });

      test('is worth five codes, and nothing after the password has changed', async () => {
        const { person, email, secret } = await somebody('guesses');
        const guesser = web.browser();
        await guesser.ask('/login', { email, password: PASSWORD });
        const statuses = [];
        for (let tries = 1; tries <= 6; tries += 1) {
          statuses.push((await guesser.ask('/login/second-step', { code: '000000' })).status);
        }
        expect(statuses).toEqual([422, 422, 422, 422, 422, 429]);

        const late = web.browser();
        await late.ask('/login', { email, password: PASSWORD });
        expect((await person.ask('/account/password', { password: ANOTHER_PASSWORD })).status).toBe(303);
        const answer = await late.ask('/login/second-step', { code: codeOf(secret) });
        expect(answer.location).toBe('/login?next=%2Fdashboard');
      });

      test('by a recovery code uses it up and tells the owner; new ones make the old ones worthless', async () => {
        const { person, email, id, recoveryCodes, logIn } = await somebody('recovers');
        const [first = '', second = ''] = recoveryCodes;

        expect((await logIn(first.toUpperCase().replaceAll('-', ' '))).location).toBe('/dashboard');
        expect((await logIn(first)).status).toBe(422);
        expect(await mailsTo(email)).toEqual(['second-factor-changed', 'recovery-code-used']);
        expect((await person.ask('/account/security')).body).toContain('9 left');

        const renewed = recoveryCodesIn(await person.ask('/account/recovery-codes', {}));
        expect(renewed).toHaveLength(10);
        expect((await logIn(second)).status).toBe(422);
        expect((await logIn(renewed[0] ?? '')).location).toBe('/dashboard');
        expect(await actionsOf(id)).toEqual(expect.arrayContaining(['recovery_code.used', 'recovery_codes.renewed']));
      });

      test('by way of the sign-up form is refused, and no store is made', async () => {
        const { email } = await somebody('has-one-already');

        const { answer } = await web.signUp('wants-another', { email });

        expect([answer.status, answer.body.includes('asks for a second factor')]).toEqual([422, true]);
        expect(await database.repositories.stores.takenNames(['wants-another'])).toEqual([]);
      });
    });

    describe('a fresh proof', () => {
      test('is a code where there is an app; the password alone is none, on no way', async () => {
        const { person, email, secret, storeId } = await somebody('steps-up');
        await letProofsAge();

        expect((await person.ask('/step-up?next=/account/password')).body).not.toContain('name="password"');
        const asData = await person.ask('/account/authenticator.data?_routes=account%2Fauthenticator');
        expect(asData.body).toContain('/step-up?next=%2Faccount%2Fauthenticator"');
        const byPassword = await person.ask('/step-up', { proof: 'password', password: PASSWORD });
        expect(byPassword.status).toBe(401);
        const keys = await person.ask(`/stores/${storeId}/access`, { password: PASSWORD });
        expect([keys.status, keys.location]).toEqual([
          303,
          `/step-up?next=${encodeURIComponent(`/stores/${storeId}/access`)}`,
        ]);
        // The form for another store asks for the password, too.
        const { body } = await person.ask('/signup');
        const key = /name="idempotency_key" value="([^"]+)"/.exec(body)?.[1] ?? '';
        const wish = { email, password: PASSWORD, store_name: 'steps-up', platform: 'wordpress', idempotency_key: key };
        await person.ask('/signup', wish);
        expect((await person.ask('/account/password')).location).toBe('/step-up?next=%2Faccount%2Fpassword');

        const byCode = await person.ask('/step-up', { proof: 'code', code: codeOf(secret), next: '/account/password' });
        expect([byCode.status, byCode.location]).toEqual([303, '/account/password']);
        expect((await person.ask('/account/password')).status).toBe(200);
      });
    });

    describe('removing an app', () => {
      test('needs a fresh proof, takes the recovery codes with it, and tells the owner', async () => {
        const { person, email, id, logIn } = await somebody('removes');
        await letProofsAge();
        const stale = await person.ask('/account/second-factors/totp/remove', {});
        expect(stale.location).toMatch(/^\/step-up/);
        await database.as('admin').kysely.updateTable('sessions').set({ proven_at: new Date() }).execute();

        const removed = await person.ask('/account/second-factors/totp/remove', {});

        expect([removed.status, removed.location]).toEqual([303, '/account/security']);
        expect((await logIn('')).location).toBe('/dashboard');
        expect(await database.repositories.secondFactors.summary(id)).toEqual({
          totpSince: null,
          passkeys: [],
          recoveryCodesLeft: 0,
        });
        expect(await mailsTo(email)).toEqual(['second-factor-changed', 'second-factor-changed']);
      });
    });

    describe('an operator', () => {
      const becomeOperator = (id: string) =>
        database.as('admin').kysely.updateTable('customers').set({ role: 'operator' }).where('id', '=', id).execute();

      test('without a second factor reaches only the pages that set one up, and cannot remove the last one', async () => {
        const { person, form } = await web.signUp('new-operator');
        const { id } = (await database.repositories.customers.findByEmail(form.email)) ?? { id: '' };
        await becomeOperator(id);

        for (const path of ['/admin', '/dashboard', '/account', '/admin/stores']) {
          expect([path, (await person.ask(path)).location]).toEqual([path, '/account/security']);
        }
        expect((await person.ask('/api/status')).body).toContain('second_factor_required');
        expect((await person.ask('/account/security')).body).toContain('Operators need a second factor');
        await setUpApp(person);
        expect((await person.ask('/admin')).status).toBe(200);
        expect((await person.ask('/account/second-factors/totp/remove', {})).status).toBe(409);
        expect((await person.ask('/admin')).status).toBe(200);
      });

      test('gives somebody in who has lost everything, which signs everybody out', async () => {
        const { id, email, logIn, person } = await somebody('lost-all');
        const mail = {
          recipient: email,
          kind: 'second-factor-changed' as const,
          payload: {
            email,
            change: 'removed' as const,
            factor: 'every second factor',
            when: 'now',
            where: 'our support',
            resetUrl: 'https://panel.test/forgot-password',
          },
        };
        const change = { customerId: id, origin: { actor: 'operator:root' }, mail, now: new Date() };
        await letClaim(database, id);
        await person.ask('/account/tokens', { name: 'not mine', days: '30', scopes: 'account:read' });
        expect(await database.repositories.apiTokens.listOf(id)).toHaveLength(1);

        const resets = await Promise.all([
          database.repositories.secondFactors.reset(change),
          database.repositories.secondFactors.reset(change),
        ]);

        expect(resets.toSorted()).toEqual([false, true]);
        expect((await person.ask('/account')).location).toBe('/login?next=%2Faccount');
        expect((await logIn('')).location).toBe('/dashboard');
        expect(await actionsOf(id)).toContain('second_factor.reset');
        expect(await database.repositories.apiTokens.listOf(id)).toEqual([]);
      });
    });
  },
  { only: 'MySQL' },
);
