import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digestOf, makeToken } from '../../src/adapters/crypto/session-tokens.ts';
import { DAY, MINUTE } from '../../src/lib/time.ts';
import { createAuthenticator } from '../services/authenticator.ts';
import { forEachDatabase, type TestDatabase } from '../services/for-each-database.ts';
import { waitForLockWaits } from '../services/lock-waits.ts';
import { linkIn, openMailbox } from '../services/mailbox.ts';
import { addPasskey, logInByPasskey, ORIGIN } from '../services/passkeys.ts';
import { codeOf, letCodesBeNew, logInWithCode, recoveryCodesIn, setUpApp } from '../services/second-factor.ts';
import { type Browser, PASSWORD, startWeb, type Web } from '../services/web.ts';
import { letClaim, whereIs } from './mysql/fixtures.ts';

const NEW_PASSWORD = 'quite another battery staple';
const AT_ONCE = 20;

const aDevice = () => createAuthenticator({ origin: ORIGIN });

/** Somebody else sits in the account, with a fresh proof: what its owner still can do, and that one cannot undo. */
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

    const factorsOf = (id: string) => database.repositories.secondFactors.summary(id);
    async function somebody(name: string) {
      const { person, form } = await web.signUp(name);
      const { id } = (await database.repositories.customers.findByEmail(form.email)) ?? { id: '' };
      return { person, email: form.email, id };
    }

    /** The new password of whoever reads the mails of an address that nobody holds yet. */
    async function reset({ id, email }: { id: string; email: string }): Promise<void> {
      const { oneTimeTokens, accountChanges } = database.repositories;
      const [now, tokenHash] = [new Date(), digestOf(makeToken())];
      const token = { tokenHash, purpose: 'reset-password' as const, subject: email, facts: { email } };
      await oneTimeTokens.issue({ ...token, now, expiresAt: new Date(now.getTime() + MINUTE) });
      const mail = { recipient: email, kind: 'password-changed', payload: {} };
      const change = { customerId: id, email, tokenHash, passwordHash: 'x', origin: { actor: 'visitor' }, mail, now };
      await accountChanges.resetPassword(change);
    }

    describe('a session that a reset ends', () => {
      /** Does it where the reset has just been done, and the session was looked at before. */
      async function amidReset<T>(owner: { id: string; email: string }, act: () => Promise<T>): Promise<T> {
        const holding = await database
          .as('admin')
          .kysely.transaction()
          .execute(async (tx) => {
            await tx.selectFrom('customers').select('id').where('id', '=', owner.id).forUpdate().execute();
            const resetting = reset(owner);
            await waitForLockWaits(database, 1);
            const acting = act();
            await waitForLockWaits(database, 2);
            return { resetting, acting };
          });
        await holding.resetting;
        return holding.acting;
      }

      test('adds nothing to the account any more, however late it ends', async () => {
        const owner = await somebody('adds-late');

        const answer = await amidReset(owner, () => addPasskey(owner.person, aDevice()));

        expect([answer.status, recoveryCodesIn(answer)]).toEqual([401, []]);
        expect(await factorsOf(owner.id)).toEqual({ totpSince: null, passkeys: [], recoveryCodesLeft: 0 });
      });

      test.each<[string, (person: Browser, passkey: string) => ReturnType<Browser['ask']>]>([
        ['removes nothing', (person, passkey) => person.ask(`/account/second-factors/${passkey}/remove`, {})],
        ['makes no recovery codes', (person) => person.ask('/account/recovery-codes', {})],
      ])('%s either', async (name, act) => {
        const owner = await somebody(name.replaceAll(' ', '-'));
        await addPasskey(owner.person, aDevice());
        // The account holds its address: a reset leaves its factors alone.
        await letClaim(database, owner.id);
        const before = await factorsOf(owner.id);

        const answer = await amidReset(owner, () => act(owner.person, before.passkeys[0]?.id ?? ''));

        expect([answer.status, recoveryCodesIn(answer)]).toEqual([401, []]);
        expect(await factorsOf(owner.id)).toEqual(before);
        const lines = await database.repositories.audit.list({ target: owner.id });
        expect(lines.map(({ action }) => action)).not.toContain('recovery_codes.renewed');
      });
    });

    /** Somebody whose address is confirmed. */
    async function anOwner(name: string) {
      const owner = await somebody(name);
      await letClaim(database, owner.id);
      await mailbox.collect(owner.email);
      return owner;
    }
    const linkTo = async (page: string, email: string) => linkIn(await mailbox.collect(email), page);
    async function chooseNewPassword(email: string): Promise<void> {
      await web.browser().ask('/forgot-password', { email });
      const link = await linkTo('reset-password', email);
      expect((await web.browser().ask(link, { password: NEW_PASSWORD })).location).toBe('/login');
    }
    const logIn = async (email: string) => web.browser().ask('/login', { email, password: NEW_PASSWORD });
    async function moveTo(person: Browser, email: string): Promise<void> {
      await person.ask('/account/email', { email });
      expect((await person.ask(await linkTo('verify-email', email), {})).status).toBe(303);
    }

    describe('a second factor that somebody else has added', () => {
      test('is taken off by the link of the mail, once, by whoever is signed in nowhere; a look uses nothing up', async () => {
        const { person: stranger, email, id } = await anOwner('locked-out');
        const device = aDevice();
        const [code = ''] = recoveryCodesIn(await addPasskey(stranger, device));
        const link = await linkTo('disown-factor', email);
        expect(await whereIs(database, link.split('token=')[1] ?? '')).toEqual([]);
        await chooseNewPassword(email);
        expect((await logIn(email)).location).toBe('/login/second-step?next=%2Fdashboard');
        const back = web.browser();
        expect((await logInByPasskey(back, device)).status).toBe(303);

        for (let look = 1; look <= 3; look += 1) {
          expect((await web.browser().ask(link)).body).toContain('the passkey “My phone”');
        }
        const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => web.browser().ask(link, {})));

        const won = answers.filter(({ status }) => status === 303);
        expect(won.map(({ location }) => location)).toEqual(['/forgot-password']);
        expect(answers.filter(({ status }) => status === 410)).toHaveLength(AT_ONCE - 1);
        expect((await web.browser().ask(link)).status).toBe(410);
        expect((await back.ask('/account')).location).toBe('/login?next=%2Faccount');
        expect((await logInByPasskey(web.browser(), device)).status).toBe(422);
        expect(await factorsOf(id)).toEqual({ totpSince: null, passkeys: [], recoveryCodesLeft: 0 });
        expect((await logInWithCode(web.browser(), { email, password: NEW_PASSWORD, code })).location).toBe(
          '/dashboard',
        );
        const lines = await database.repositories.audit.list({ target: id });
        expect(lines.find(({ action }) => action === 'second_factor.disowned')?.details).toMatchObject({
          kind: 'passkey',
          wasThere: true,
          endedSessions: 1,
        });
        expect((await mailbox.collect(email)).map(({ subject }) => subject)).toContain('A second factor was removed');
      });

      test('goes alone: another one stays, but no recovery code made since; the link of each works, for 14 days', async () => {
        const { person, email, id } = await anOwner('has-an-app');
        const app = await setUpApp(person);
        const ofApp = await linkTo('disown-factor', email);
        await addPasskey(person, aDevice(), { name: 'First' });
        const ofFirst = await linkTo('disown-factor', email);
        await addPasskey(person, aDevice(), { name: 'Second' });
        const ofSecond = await linkTo('disown-factor', email);
        const codes = database.as('admin').kysely.selectFrom('recovery_codes').where('customer_id', '=', id);
        const before = await codes.selectAll().execute();

        // Whoever adds one with codes of before learns none of those.
        await web.browser().ask(ofSecond, {});
        expect(await codes.selectAll().execute()).toEqual(before);
        const again = web.browser();
        const next = '/account/recovery-codes';
        await letCodesBeNew(database);
        await logInWithCode(again, { email, password: PASSWORD, code: codeOf(app.secret), next });
        expect(recoveryCodesIn(await again.ask(next, {}))).toHaveLength(10);
        await web.browser().ask(ofFirst, {});
        expect(await factorsOf(id)).toMatchObject({ totpSince: expect.any(Date), passkeys: [], recoveryCodesLeft: 0 });

        const tokens = database
          .as('admin')
          .kysely.updateTable('one_time_tokens')
          .where('purpose', '=', 'disown-factor');
        const letTimePass = (ms: number) =>
          tokens
            .set({ expires_at: sql`DATE_SUB(expires_at, INTERVAL ${ms * 1000} MICROSECOND)` })
            .where('subject', '=', id)
            .where('used_at', 'is', null)
            .execute();
        await letTimePass(14 * DAY - 5 * MINUTE);
        expect((await web.browser().ask(ofApp)).status).toBe(200);
        await letTimePass(5 * MINUTE);
        expect((await web.browser().ask(ofApp, {})).status).toBe(410);
      });

      test('is an app as well; one that was set up after it stays', async () => {
        const { person, email, id } = await anOwner('sets-up-twice');
        await setUpApp(person);
        const ofFirst = await linkTo('disown-factor', email);
        await person.ask('/account/second-factors/totp/remove', {});
        await setUpApp(person);
        const ofSecond = await linkTo('disown-factor', email);

        expect((await web.browser().ask(ofFirst, {})).status).toBe(303);
        expect(await factorsOf(id)).toMatchObject({ totpSince: expect.any(Date) });
        expect((await person.ask('/account')).status).toBe(303);
        expect((await web.browser().ask(ofSecond, {})).status).toBe(303);
        expect(await factorsOf(id)).toMatchObject({ totpSince: null, recoveryCodesLeft: 0 });
      });

      test('of an operator is taken off by no mail, nor where nobody has confirmed the address', async () => {
        const { person, email } = await somebody('not-confirmed');
        await addPasskey(person, aDevice());
        const [mail] = (await mailbox.collect(email)).filter(({ subject }) => subject === 'A second factor was added');
        expect(mail?.text).toContain('/forgot-password');
        expect(mail?.text).not.toContain('disown-factor');

        const operator = await anOwner('operates');
        await addPasskey(operator.person, aDevice(), { name: 'Of before' });
        const link = await linkTo('disown-factor', operator.email);
        const admin = database.as('admin').kysely;
        await admin.updateTable('customers').set({ role: 'operator' }).where('id', '=', operator.id).execute();
        await addPasskey(operator.person, aDevice());
        const [told] = await mailbox.collect(operator.email);
        expect([told?.subject, told?.text.includes('disown-factor')]).toEqual(['A second factor was added', false]);
        expect((await web.browser().ask(link, {})).status).toBe(410);
        expect((await factorsOf(operator.id)).passkeys).toHaveLength(2);
      });
    });

    describe('an address that is taken back', () => {
      test('takes second factors off that were added since, and leaves those of before', async () => {
        const { person, email, id } = await anOwner('moved-away');
        await setUpApp(person);
        await moveTo(person, 'stranger-one@example.com');
        const back = await linkTo('restore-email', email);
        const device = aDevice();
        await addPasskey(person, device);
        expect(recoveryCodesIn(await person.ask('/account/recovery-codes', {}))).toHaveLength(10);

        expect((await web.browser().ask(back, {})).status).toBe(303);

        expect((await logInByPasskey(web.browser(), device)).status).toBe(422);
        expect(await factorsOf(id)).toMatchObject({ totpSince: expect.any(Date), passkeys: [], recoveryCodesLeft: 0 });
        const lines = await database.repositories.audit.list({ target: id });
        expect(lines.find(({ action }) => action === 'account.email_restored')?.details).toMatchObject({
          removedFactors: true,
        });
      });

      test('is so whatever was done meanwhile: a reset, another address, the end of the account; and then for good', async () => {
        const { person, email, id } = await anOwner('moved-twice');
        const [first, second] = ['stranger-two@example.com', 'stranger-three@example.com'];
        await addPasskey(person, aDevice());
        const notMe = await linkTo('disown-factor', email);
        await moveTo(person, first);
        const back = await linkTo('restore-email', email);
        await moveTo(person, second);
        const toFirst = await linkTo('restore-email', first);
        await chooseNewPassword(second);
        const { accountEnds } = database.repositories;
        const [now, deletionAt] = [new Date(), new Date(Date.now() + DAY)];
        const leaving = { recipient: second, kind: 'account-kept', payload: {} };
        await accountEnds.schedule({ customerId: id, actor: id, mail: leaving, now, deletionAt });

        expect((await web.browser().ask(toFirst)).status).toBe(200);
        expect((await web.browser().ask(back, {})).status).toBe(303);

        expect((await database.repositories.customers.find(id))?.email).toBe(email);
        expect((await web.browser().ask(toFirst, {})).status).toBe(410);
        // The same mail once more, as a server gets it that was away.
        const mail = database.as('admin').kysely.updateTable('outbox').where('kind', '=', 'email-changed');
        await mail
          .set({ status: 'queued', sent_at: null, next_attempt_at: new Date(0) })
          .where('recipient', '=', first)
          .execute();
        expect((await web.browser().ask(await linkTo('restore-email', first), {})).status).toBe(410);
        // What was added before the address went is taken off by its own link.
        expect((await web.browser().ask(notMe, {})).status).toBe(303);
        expect((await factorsOf(id)).passkeys).toEqual([]);
      });
    });
  },
  { only: 'MySQL' },
);
