import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MINUTE } from '../../src/lib/time.ts';
import { createAuthenticator, type Departures } from '../services/authenticator.ts';
import { forEachDatabase, type TestDatabase } from '../services/for-each-database.ts';
import { addPasskey, logInByPasskey, ORIGIN, questionAt } from '../services/passkeys.ts';
import { recoveryCodesIn } from '../services/second-factor.ts';
import { PASSWORD, startWeb, type Web } from '../services/web.ts';
import { whereIs } from './mysql/fixtures.ts';

const AT_ONCE = 20;
const MOST = 10;
/** So many log-ins from one network may fail in an hour. */
const TRIES_OF_A_NETWORK = 20;

const aDevice = (over: { counts?: boolean } = {}) => createAuthenticator({ origin: ORIGIN, ...over });

forEachDatabase(
  (_name, connect) => {
    let database: TestDatabase;
    let web: Web;
    let counts: Redis;

    beforeAll(async () => {
      database = await connect();
      web = await startWeb(database);
      counts = new Redis(web.redis.connection);
    }, 5 * MINUTE);
    afterAll(async () => {
      counts.disconnect();
      await web.stop();
    });
    /** Every browser of these tests is in one network. */
    const forgetTries = () => counts.flushdb();
    beforeEach(forgetTries);

    /** Somebody with a passkey, signed in. */
    async function somebody(name: string, over: { counts?: boolean } = {}) {
      const { person, form, storeId } = await web.signUp(name);
      const { id } = (await database.repositories.customers.findByEmail(form.email)) ?? { id: '' };
      const device = aDevice(over);
      const answer = await addPasskey(person, device);
      return { person, email: form.email, id, storeId, device, answer };
    }

    const letProofsAge = () =>
      database
        .as('admin')
        .kysely.updateTable('sessions')
        .set({ proven_at: new Date(Date.now() - 10 * MINUTE) })
        .execute();
    const passkeysOf = async (id: string) => (await database.repositories.secondFactors.summary(id)).passkeys;
    const actionsOf = async (target: string) =>
      (await database.repositories.audit.list({ target })).map(({ action }) => action).toReversed();
    const mailsTo = async (email: string) => {
      const mails = database.as('admin').kysely.selectFrom('outbox').select('payload_json');
      const rows = await mails.where('recipient', '=', email).where('kind', '=', 'second-factor-changed').execute();
      return rows.map(({ payload_json: text }) => JSON.parse(text ?? '{}') as Record<string, string>);
    };

    describe('a passkey', () => {
      test('is added with a fresh proof alone; ten recovery codes come with it, other browsers are out, the owner is told', async () => {
        const { person, form } = await web.signUp('adds');
        const { id } = (await database.repositories.customers.findByEmail(form.email)) ?? { id: '' };
        const other = web.browser();
        await other.ask('/login', { email: form.email, password: PASSWORD });
        await letProofsAge();
        expect((await person.ask('/account/passkeys')).location).toBe('/step-up?next=%2Faccount%2Fpasskeys');
        expect((await person.ask('/account/passkeys/question', { name: 'Phone' })).status).toBe(401);
        await person.ask('/step-up', { proof: 'password', password: PASSWORD });

        expect((await person.ask('/account/passkeys/question', { name: ' ' })).body).toContain(
          'Give the passkey a name',
        );
        const answer = await addPasskey(person, aDevice(), { name: 'Ann’s <phone>' });

        expect([answer.status, recoveryCodesIn(answer).length]).toEqual([200, 10]);
        expect((await other.ask('/account')).location).toBe('/login?next=%2Faccount');
        const { body } = await person.ask('/account/security');
        expect([body.includes('Ann’s &lt;phone&gt;'), body.includes('not used yet')]).toEqual([true, true]);
        expect(await mailsTo(form.email)).toMatchObject([{ change: 'added', factor: 'the passkey “Ann’s <phone>”' }]);
        expect((await actionsOf(id)).at(-1)).toBe('second_factor.added');
      });

      test('opens the account without a second step, and says when it was last used', async () => {
        const { id, device, storeId, person } = await somebody('logs-in');
        const elsewhere = web.browser();

        const answer = await logInByPasskey(elsewhere, device);

        expect([answer.status, answer.location]).toEqual([303, '/account']);
        expect((await elsewhere.ask(`/stores/${storeId}`)).status).toBe(200);
        expect((await elsewhere.ask('/account/password')).status).toBe(200);
        expect((await person.ask('/account/security')).body).toContain('last used');
        const lines = await database.repositories.audit.list({ target: id });
        expect(lines.find(({ action }) => action === 'session.started')?.details).toMatchObject({ by: 'passkey' });
        const exported = await elsewhere.ask('/account/export', {});
        expect(JSON.parse(exported.body)).toMatchObject({ secondFactors: { passkeys: [{ name: 'My phone' }] } });
        expect(exported.body).not.toContain(device.id);
      });

      test('is the second step after a password, too', async () => {
        const { email, device } = await somebody('both');
        const person = web.browser();
        const first = await person.ask('/login', { email, password: PASSWORD });
        expect(first.location).toBe('/login/second-step?next=%2Fdashboard');
        expect((await person.ask(first.location)).body).toContain('Use a passkey');

        const options = await questionAt(person, '/login/passkey-question');
        const done = await person.ask('/login/second-step', { passkey: device.use(options), next: '/dashboard' });

        expect([done.status, done.location]).toEqual([303, '/dashboard']);
      });

      test('is a fresh proof, which its password alone is not', async () => {
        const { person, device } = await somebody('steps-up');
        const stranger = await somebody('steps-up-stranger');
        await letProofsAge();
        expect((await person.ask('/step-up', { proof: 'password', password: PASSWORD })).status).toBe(401);

        const theirs = await questionAt(person, '/step-up/question');
        expect(theirs.allowCredentials).toMatchObject([{ id: device.id, transports: ['internal'] }]);
        const wrong = await person.ask('/step-up', { proof: 'passkey', passkey: stranger.device.use(theirs) });
        expect(wrong.status).toBe(422);
        const again = await questionAt(person, '/step-up/question');
        const next = '/account/password';
        const right = await person.ask('/step-up', { proof: 'passkey', passkey: device.use(again), next });

        expect([right.status, right.location]).toEqual([303, next]);
        expect((await person.ask(next)).status).toBe(200);
      });

      test('is renamed and removed by its owner alone, who is told', async () => {
        const { person, email, id } = await somebody('renames');
        const stranger = await somebody('renames-not');
        const [passkey] = await passkeysOf(id);
        const path = `/account/passkeys/${passkey?.id}`;
        const removal = `/account/second-factors/${passkey?.id}/remove`;

        expect((await stranger.person.ask(path)).status).toBe(404);
        expect((await stranger.person.ask(path, { name: 'mine' })).status).toBe(404);
        expect((await stranger.person.ask(removal, {})).status).toBe(404);
        expect((await person.ask(path, { name: '\u0007' })).status).toBe(422);
        expect((await person.ask(path, { name: ' The old laptop ' })).location).toBe('/account/security');
        expect(await passkeysOf(id)).toMatchObject([{ name: 'The old laptop' }]);
        expect((await actionsOf(id)).at(-1)).toBe('passkey.renamed');

        expect((await person.ask(removal, {})).location).toBe('/account/security');
        expect(await database.repositories.secondFactors.summary(id)).toMatchObject({
          passkeys: [],
          recoveryCodesLeft: 0,
        });
        expect((await mailsTo(email)).map(({ change, factor }) => `${change} ${factor}`)).toEqual([
          'added the passkey “My phone”',
          'removed the passkey “The old laptop”',
        ]);
      });

      test(`of an account are ${MOST} at most, each of them once, also when two come at one moment`, async () => {
        const { person, id, device } = await somebody('collects');
        expect((await addPasskey(person, device)).status).toBe(409);
        const { secondFactors, sessions } = database.repositories;
        const [session] = await sessions.listOf(id);
        const add = (index: number) =>
          secondFactors.add({
            customerId: id,
            sessionId: session?.id ?? '',
            origin: { actor: id },
            mail: { recipient: 'collects@example.com', kind: 'test', payload: { publicUrl: ORIGIN, sentAt: 'now' } },
            codeHashes: [],
            factor: {
              kind: 'passkey',
              id: `pky_${index}`,
              credentialId: `filler-${index}`,
              publicKey: 'AA',
              counter: 0,
              transportsJson: '[]',
              name: `Filler ${index}`,
            },
            now: new Date(),
          });
        for (let index = 2; index < MOST; index += 1) await add(index);
        // Two tabs of one browser: the first to come signs the other one not out.
        const both = await Promise.allSettled([add(MOST), add(MOST + 1)]);

        expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
        expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { field: 'name' } });
        expect(await passkeysOf(id)).toHaveLength(MOST);
        expect((await person.ask('/account/passkeys/question', { name: 'One more' })).body).toContain(
          `at most ${MOST} passkeys`,
        );
      });

      test('is added by one of two browsers that do it at one moment: it signs the other out', async () => {
        const { person, id, email, device } = await somebody('from-two');
        const another = web.browser();
        await logInByPasskey(another, device);

        const answers = await Promise.all([person, another].map((browser) => addPasskey(browser, aDevice())));

        expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401]);
        expect(await passkeysOf(id)).toHaveLength(2);
        expect(await mailsTo(email)).toHaveLength(2);
      });
    });

    test('is told to need JavaScript where there is none, once in each place that offers it', async () => {
      const { person } = await somebody('no-scripts');
      const pages = [await web.browser().ask('/login'), await person.ask('/account/passkeys')];
      await letProofsAge();
      pages.push(await person.ask('/step-up'));

      for (const { body } of pages) {
        expect(
          body
            .match(/<noscript>.*?<\/noscript>/gs)
            ?.join('')
            .match(/Passkeys need JavaScript/g),
        ).toHaveLength(1);
      }
    });

    describe('a question', () => {
      test('tells nobody which passkeys there are, whoever asks', async () => {
        const { email } = await somebody('asked-about');
        const person = web.browser();
        const known = await questionAt(person, '/login/passkey-question', { email });
        const unknown = await questionAt(web.browser(), '/login/passkey-question', { email: 'nobody@example.com' });

        expect(known).toEqual({ ...unknown, challenge: known.challenge });
        expect([known.rpId, known.userVerification, known.allowCredentials ?? []]).toEqual([
          'panel.test',
          'required',
          [],
        ]);
        expect(await whereIs(database, known.challenge)).toEqual([]);
      });

      test(`that is answered ${AT_ONCE} times at one moment opens one session`, async () => {
        for (const counts of [true, false]) {
          const { id, device } = await somebody(counts ? 'at-once' : 'at-once-zero', { counts });
          const person = web.browser();
          const options = await questionAt(person, '/login/passkey-question');
          const passkey = device.use(options);
          const before = (await database.repositories.sessions.listOf(id)).length;

          const answers = await Promise.all(
            Array.from({ length: AT_ONCE }, () => person.ask('/login', { passkey, next: '/account' })),
          );

          expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
          expect(answers.filter(({ status }) => status === 422)).toHaveLength(AT_ONCE - 1);
          expect(await database.repositories.sessions.listOf(id)).toHaveLength(before + 1);
        }
      });

      test('is good in the browser and the session that asked, for what it was asked for, and for five minutes', async () => {
        const { person, email, device, answer } = await somebody('swaps');
        const asked = await questionAt(person, '/login/passkey-question');
        expect((await web.browser().ask('/login', { passkey: device.use(asked) })).status).toBe(422);

        // A question for the log-in is none for a step-up, nor one of another session.
        await letProofsAge();
        const forLogIn = await questionAt(person, '/login/passkey-question');
        expect((await person.ask('/step-up', { proof: 'passkey', passkey: device.use(forLogIn) })).status).toBe(422);
        const options = await questionAt(person, '/step-up/question');
        await person.ask('/login', { email, password: PASSWORD });
        await person.ask('/login/second-step', { code: recoveryCodesIn(answer)[0] ?? '' });
        await letProofsAge();
        expect((await person.ask('/step-up', { proof: 'passkey', passkey: device.use(options) })).status).toBe(422);

        const late = web.browser();
        const question = await questionAt(late, '/login/passkey-question');
        await database
          .as('admin')
          .kysely.updateTable('one_time_tokens')
          .set({ expires_at: new Date(Date.now() - 1) })
          .where('purpose', '=', 'passkey-sign-in')
          .execute();
        expect((await late.ask('/login', { passkey: device.use(question) })).status).toBe(422);
      });
    });

    describe('an answer that is not quite right', () => {
      const base64url = (text: string) => Buffer.from(text).toString('base64url');

      test('opens nothing, says the same whatever is wrong, and leaves the owner a line', async () => {
        const ann = await somebody('hostile-ann');
        const bob = await somebody('hostile-bob');
        // From here on it counts.
        await logInByPasskey(web.browser(), ann.device);
        const wrong: Record<string, Departures> = {
          'a page of somebody else': { origin: 'https://panel.test.evil.example' },
          'another port': { origin: 'https://panel.test:8443' },
          'a shop beside us': { rpId: 'shops.test' },
          'another question': { challenge: base64url('of my own') },
          'a new one in place of a use': { type: 'webauthn.create' },
          'nobody present': { isPresent: false },
          'nobody verified': { isVerified: false },
          'a counter gone back': { counter: 0 },
          'another account': { userHandle: base64url(bob.id) },
          'the passkey of somebody else': { credentialId: bob.device.id },
          'a passkey that nobody has': { credentialId: base64url('nobody has this one') },
        };
        const bodies = new Set<string>();
        const withoutIds = (body: string) =>
          body.replaceAll(/req_\w+|nonce="[^"]+"|"[A-Za-z0-9+/=]{24}"|\b\d{13}\b/g, '');

        for (const [what, departures] of Object.entries(wrong)) {
          const person = web.browser();
          const { status, body } = await logInByPasskey(person, ann.device, departures);
          expect([what, status, (await person.ask('/account')).location]).toEqual([
            what,
            422,
            '/login?next=%2Faccount',
          ]);
          bodies.add(withoutIds(body));
        }

        expect(bodies.size).toBe(1);
        expect((await actionsOf(ann.id)).filter((action) => action === 'passkey.refused')).toHaveLength(9);
        expect((await actionsOf(bob.id)).filter((action) => action === 'passkey.refused')).toHaveLength(1);
        expect((await logInByPasskey(web.browser(), ann.device)).status).toBe(303);
      });

      test('is refused once it was seen, under a new question too', async () => {
        const { device } = await somebody('replays');
        const person = web.browser();
        const passkey = device.use(await questionAt(person, '/login/passkey-question'));
        expect((await person.ask('/login', { passkey })).status).toBe(303);

        const thief = web.browser();
        expect((await thief.ask('/login', { passkey })).status).toBe(422);
        await questionAt(thief, '/login/passkey-question');
        expect((await thief.ask('/login', { passkey })).status).toBe(422);
      });

      test('is refused whatever it is, and never an error of ours', async () => {
        const { person, device, id } = await somebody('garbage');
        const options = await questionAt(person, '/login/passkey-question');
        const honest = JSON.parse(device.use(options)) as { id: string; response: Record<string, string> };
        const texts = [
          '',
          'null',
          '[]',
          '{"id":1}',
          '{"__proto__":{"id":"a"}}',
          JSON.stringify({ ...honest, rawId: 'A'.repeat(4000) }),
          JSON.stringify({ ...honest, response: { ...honest.response, authenticatorData: 'AA' } }),
          JSON.stringify({ ...honest, response: { ...honest.response, signature: 'AA' } }),
          JSON.stringify({ ...honest, response: { ...honest.response, clientDataJSON: 'bnVsbA' } }),
          JSON.stringify({ ...honest, response: { ...honest.response, userHandle: undefined } }),
          'x'.repeat(20_000),
          '['.repeat(10_000),
        ];
        for (const passkey of texts) {
          await questionAt(person, '/login/passkey-question');
          expect([passkey.slice(0, 60), (await person.ask('/login', { passkey })).status]).toEqual([
            passkey.slice(0, 60),
            422,
          ]);
          await forgetTries();
          const made = await questionAt<{ challenge: string }>(person, '/account/passkeys/question', { name: 'x' });
          expect(made.challenge).toMatch(/^[\w-]{43}$/);
          expect((await person.ask('/account/passkeys', { name: 'x', passkey })).status).toBe(422);
        }
        expect((await person.ask('/login', { passkey: 'x'.repeat(70_000) })).status).toBe(413);
        expect(await passkeysOf(id)).toHaveLength(1);
      });

      test('makes no passkey, and what a device says of its maker is not looked at', async () => {
        const { person, id } = await somebody('makes');
        const wrong: Departures[] = [
          { origin: 'https://evil.example' },
          { rpId: 'evil.example' },
          { challenge: base64url('another') },
          { type: 'webauthn.get' },
          { isVerified: false },
          { isPresent: false },
        ];
        for (const departures of wrong) {
          expect((await addPasskey(person, aDevice(), departures)).status).toBe(422);
        }
        expect(await passkeysOf(id)).toHaveLength(1);

        // A certificate that names an address to fetch from would be read otherwise.
        const certificate = [Buffer.from('no certificate')];
        const content = new Map<string, string | Buffer[]>([['x5c', certificate]]);
        const strange = aDevice();
        expect((await addPasskey(person, strange, { statement: ['packed', content] })).status).toBe(200);
        expect((await logInByPasskey(web.browser(), strange)).status).toBe(303);
      });

      test('counts as a try of the network’s, which a browser of the owner’s does not share', async () => {
        const { person, device } = await somebody('limited');
        const guesser = aDevice();
        await addPasskey((await web.signUp('limited-guesser')).person, guesser);
        const statuses: number[] = [];
        for (let tries = 1; tries <= TRIES_OF_A_NETWORK + 1; tries += 1) {
          statuses.push((await logInByPasskey(web.browser(), guesser, { isVerified: false })).status);
        }

        expect(statuses.slice(-2)).toEqual([422, 429]);
        expect((await logInByPasskey(web.browser(), device)).status).toBe(429);
        expect((await logInByPasskey(person, device)).status).toBe(303);
      });
    });

    describe('whoever holds the address', () => {
      test('finds no passkey in an account that a stranger has made with it; one of their own stays', async () => {
        const { email, device, id } = await somebody('made-by-a-stranger');
        const change = { customerId: id, email, passwordHash: 'x', origin: { actor: 'visitor' }, now: new Date() };
        const mail = { recipient: email, kind: 'password-changed', payload: {} };
        const reset = async (tokenHash: string) => {
          const { now } = change;
          const expiresAt = new Date(now.getTime() + MINUTE);
          const token = { tokenHash, purpose: 'reset-password' as const, subject: email, facts: { email } };
          await database.repositories.oneTimeTokens.issue({ ...token, now, expiresAt });
          await database.repositories.accountChanges.resetPassword({ ...change, tokenHash, mail });
        };

        await reset('a'.repeat(64));
        expect((await logInByPasskey(web.browser(), device)).status).toBe(422);

        const own = aDevice();
        const owner = web.browser();
        await database
          .as('admin')
          .kysely.insertInto('passkeys')
          .values({
            id: 'pky_own',
            customer_id: id,
            credential_id: own.id,
            public_key: 'AA',
            counter: 0,
            transports_json: '[]',
            name: 'Own',
            created_at: new Date(),
          })
          .execute();
        await reset('b'.repeat(64));
        expect(await passkeysOf(id)).toHaveLength(1);
        expect((await owner.ask('/account')).status).toBe(303);
      });
    });

    describe('an operator', () => {
      test('satisfies with a passkey what is asked of operators, and keeps the last one', async () => {
        const { person, form } = await web.signUp('operates');
        const { id } = (await database.repositories.customers.findByEmail(form.email)) ?? { id: '' };
        const admin = database.as('admin').kysely;
        await admin.updateTable('customers').set({ role: 'operator' }).where('id', '=', id).execute();
        expect((await person.ask('/admin')).location).toBe('/account/security');
        const device = aDevice();

        expect((await addPasskey(person, device)).status).toBe(200);

        expect((await person.ask('/admin')).status).toBe(200);
        const elsewhere = web.browser();
        await logInByPasskey(elsewhere, device);
        expect((await elsewhere.ask('/admin')).status).toBe(200);
        const [passkey] = await passkeysOf(id);
        expect((await person.ask(`/account/second-factors/${passkey?.id}/remove`, {})).status).toBe(409);
      });

      test('takes passkeys off an account whose owner has lost them, and none is left of one that is deleted', async () => {
        const lost = await somebody('loses');
        const mail = { recipient: lost.email, kind: 'second-factor-changed', payload: {} } as never;
        const change = { customerId: lost.id, origin: { actor: 'operator:root' }, mail, now: new Date() };
        expect(await database.repositories.secondFactors.reset(change)).toBe(true);
        expect((await logInByPasskey(web.browser(), lost.device)).status).toBe(422);

        const { id, device } = await somebody('leaves');
        const admin = database.as('admin').kysely;
        await admin
          .updateTable('customers')
          .set({ deletion_at: new Date(0) })
          .where('id', '=', id)
          .execute();
        await admin.deleteFrom('stores').where('customer_id', '=', id).execute();
        expect(await database.repositories.accountEnds.remove(id, new Date())).toBe(true);
        expect(await whereIs(database, device.id)).toEqual([]);
      });
    });
  },
  { only: 'MySQL' },
);
