import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { digestOf, makeToken } from '../../../src/adapters/crypto/session-tokens.ts';
import { createRepositories } from '../../../src/adapters/mysql/index.ts';
import type { NewSignUp } from '../../../src/adapters/mysql/sign-ups.ts';
import { DAY } from '../../../src/lib/time.ts';
import { forEachDatabase, type TestDatabase } from '../../services/for-each-database.ts';
import { giveSecondFactor } from '../../services/second-factor.ts';
import { countRows, letClaim, NOW, somePools, whereIs } from './fixtures.ts';

const TOKEN = makeToken();
const ROUNDS = 5;
const AT_ONCE = 6;

const aSession = (token = makeToken()): NewSignUp['session'] => ({
  tokenHash: digestOf(token),
  replaces: null,
  now: NOW,
  expiresAt: new Date(NOW.getTime() + 14 * DAY),
  userAgent: 'Mozilla/5.0 (a test)',
  address: '192.0.2.7',
  requestId: 'req_a-test',
});

interface Wish {
  readonly email?: string;
  readonly passwordHash?: string;
  readonly name?: string;
  readonly key?: string;
  readonly customerId?: string;
  readonly token?: string;
}

const aWish = ({
  email = 'ann@example.test',
  passwordHash = 'hash-1',
  name = 'shop',
  key = makeToken(),
  ...rest
}: Wish = {}) =>
  ({
    email,
    passwordHash,
    agreedTo: null,
    account: rest.customerId === undefined ? undefined : { id: rest.customerId, passwordHash, hasSecondFactor: false },
    store: {
      name,
      title: name,
      start: {},
      platform: 'woocommerce',
      plan: 'starter',
      adminPath: '/wp-admin/',
      domain: `${name}.localhost`,
      wishedDomain: null,
    },
    requestKey: digestOf(key),
    session: aSession(rest.token),
    mailFactsOf: (storeId) => ({
      storeName: name,
      email,
      progressUrl: `https://panel.test/stores/${storeId}`,
      dashboardUrl: 'https://panel.test/dashboard',
    }),
    now: NOW,
  }) satisfies NewSignUp;

forEachDatabase((_, connect) => {
  let database: TestDatabase;
  /** As the web process's user: what it may not do fails here. */
  let web: ReturnType<typeof createRepositories>;
  beforeAll(async () => {
    database = await connect();
    web = createRepositories(database.as('web'));
  });
  beforeEach(() => database.reset());
  const accept = async (wish: Wish = {}, pools = somePools()) => {
    const result = await web.signUps.accept(aWish(wish), pools);
    if (result.kind === 'differs') throw new Error(`Another wish than that for ${result.storeName}`);
    return result;
  };

  const checked = async (customerId: string) => {
    const account = await web.customers.findForLogin(customerId);
    if (account === undefined) throw new Error(`There is no account ${customerId}`);
    return account;
  };

  describe('a sign-up', () => {
    it('makes account, store, run, session, mail and audit lines at once', async () => {
      const result = await accept({ token: TOKEN });

      expect(result).toMatchObject({ kind: 'new' });
      const store = await database.repositories.stores.get(result.storeId);
      expect(store).toMatchObject({ name: 'shop', customerEmail: 'ann@example.test', status: 'pending', port: 8001 });
      expect(await web.sessions.find(digestOf(TOKEN))).toMatchObject({
        customerId: store.customerId,
        email: 'ann@example.test',
        role: 'customer',
      });
      const mails = await database.repositories.outbox.claimDue({
        owner: 'w',
        limit: 9,
        lane: 'platform',
        now: NOW,
        leaseMs: DAY,
      });
      expect(mails.find(({ kind }) => kind === 'verify-email')).toMatchObject({
        recipient: 'ann@example.test',
        payload: { customerId: store.customerId, email: 'ann@example.test' },
      });
      expect(mails.find(({ kind }) => kind === 'welcome')).toMatchObject({
        uniqueKey: `signed-up:${store.id}`,
        recipient: 'ann@example.test',
        kind: 'welcome',
        payload: { storeName: 'shop', progressUrl: `https://panel.test/stores/${store.id}` },
      });
      const actions = (await database.repositories.audit.list()).map(({ action }) => action);
      expect(actions.toSorted()).toEqual(['account.signed_up', 'session.started', 'store.created']);
    });

    it('keeps no token, and no form key, in clear', async () => {
      await accept({ token: TOKEN, key: 'the-key-of-the-form' });

      expect(await whereIs(database, TOKEN)).toEqual([]);
      expect(await whereIs(database, 'the-key-of-the-form')).toEqual([]);
    });

    it('leaves nothing behind when the store cannot be made', async () => {
      const before = await countRows(database);

      await expect(
        accept({}, somePools({ ports: { start: 8001, end: 8001, max: 8001, reserved: [8001] } })),
      ).rejects.toMatchObject({ code: 'ports_exhausted' });

      expect(await countRows(database)).toEqual(before);
    });

    it('is refused when somebody else has the name, and leaves nothing', async () => {
      await accept();
      const before = await countRows(database);

      await expect(accept({ email: 'eve@example.test' })).rejects.toMatchObject({ code: 'name_taken' });
      await expect(accept({ passwordHash: 'another' })).rejects.toMatchObject({ code: 'name_taken' });

      expect(await countRows(database)).toEqual(before);
    });

    it('adds to the account that the password opens, once its address is confirmed', async () => {
      const first = await accept();
      await expect(accept({ name: 'second', customerId: first.customerId })).rejects.toMatchObject({
        code: 'email_unverified',
      });
      await letClaim(database, first.customerId);
      const second = await accept({ name: 'second', customerId: first.customerId });
      const third = await accept({ name: 'third' });

      expect([second.customerId, third.customerId]).toEqual([first.customerId, first.customerId]);
      expect(await database.repositories.customers.list()).toHaveLength(1);
    });

    it('with an address that is known and another password is another account', async () => {
      const first = await accept();
      const second = await accept({ name: 'second', passwordHash: 'hash-2' });

      expect(second.customerId).not.toBe(first.customerId);
      expect((await web.customers.listForLogin('ann@example.test')).map(({ id }) => id)).toEqual([
        first.customerId,
        second.customerId,
      ]);
    });
  });

  describe('the same wish again', () => {
    it('by the form’s key is the same store and a new session', async () => {
      const first = await accept({ key: 'k' });
      expect([await web.signUps.isMade(digestOf('k')), await web.signUps.isMade(digestOf('x'))]).toEqual([true, false]);
      const again = await accept({ key: 'k', token: TOKEN });

      expect(again).toEqual({ kind: 'again', storeId: first.storeId, customerId: first.customerId });
      expect(await web.sessions.find(digestOf(TOKEN))).toMatchObject({ customerId: first.customerId });
      expect(await database.repositories.stores.list()).toHaveLength(1);
    });

    it('but for something else, by key or by name, is told and leaves nothing', async () => {
      await accept({ key: 'k' });
      const before = await countRows(database);
      const same = aWish({ key: 'k' });
      const others = [
        aWish({ key: 'k', name: 'typed-anew' }),
        { ...same, store: { ...same.store, platform: 'wordpress' as const } },
        { ...same, store: { ...same.store, plan: 'business' } },
        { ...same, store: { ...same.store, wishedDomain: 'shop.example.com' } },
      ];

      for (const wish of [...others, { ...others[1], requestKey: digestOf('another tab') } as typeof same]) {
        expect(await web.signUps.accept(wish, somePools())).toEqual({ kind: 'differs', storeName: 'shop' });
      }

      expect(await countRows(database)).toEqual(before);
    });

    it('without a mail, when its address has had enough of them', async () => {
      await web.signUps.accept({ ...aWish(), mailFactsOf: null }, somePools());

      const counts = await countRows(database);
      expect(counts).toMatchObject({ stores: 1 });
      expect(counts).not.toHaveProperty('outbox');
    });

    it('by the form’s key and with other credentials is refused', async () => {
      await accept({ key: 'k' });
      const before = await countRows(database);

      await expect(accept({ key: 'k', name: 'other', passwordHash: 'other' })).rejects.toMatchObject({
        code: 'request_refused',
      });
      await expect(accept({ key: 'k', name: 'other', email: 'eve@example.test' })).rejects.toMatchObject({
        code: 'request_refused',
      });

      expect(await countRows(database)).toEqual(before);
    });

    it('twenty times at one moment with one key: one account, one store, twenty sessions', async () => {
      const results = await Promise.all(Array.from({ length: 20 }, () => accept({ key: 'k' })));

      expect(results.filter(({ kind }) => kind === 'new')).toHaveLength(1);
      expect(new Set(results.map(({ storeId }) => storeId)).size).toBe(1);
      expect(await countRows(database)).toMatchObject({
        customers: 1,
        stores: 1,
        sessions: 20,
        outbox: 2,
        provisioning_jobs: 1,
      });
    });

    it('from two tabs at one moment, each with a key of its own: one store', async () => {
      for (let round = 1; round <= 10; round += 1) {
        const wish = { name: `tabs-${round}`, email: `tabs-${round}@example.test` };
        const [one, other] = await Promise.all([accept(wish), accept(wish)]);
        expect(one.storeId).toBe(other.storeId);
      }
      expect(await countRows(database)).toMatchObject({ customers: 10, stores: 10, sessions: 20, outbox: 20 });
    });

    it('twenty people at one moment with one name: one store, nineteen refusals, no account without a store', async () => {
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, (_unused, index) => accept({ email: `p${index}@example.test` })),
      );

      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const result of results) {
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'name_taken' });
      }
      expect(await countRows(database)).toMatchObject({ customers: 1, stores: 1, sessions: 1, outbox: 2 });
    });
  });

  it('two hundred sign-ups at one moment are all accepted, each with what is its own alone', async () => {
    const results = await Promise.all(
      Array.from({ length: 200 }, (_unused, index) =>
        accept({ email: `p${index}@example.test`, name: `many-${index}` }),
      ),
    );

    expect(new Set(results.map(({ storeId }) => storeId)).size).toBe(200);
    expect(await countRows(database)).toMatchObject({
      customers: 200,
      stores: 200,
      ports: 200,
      subnets: 200,
      sessions: 200,
      outbox: 400,
    });
  });

  describe('an address', () => {
    it('is held for good by at most one account, whoever carries it besides', async () => {
      const stranger = await accept({ email: 'ops@example.test' });
      const { customers } = database.repositories;

      const holder = await customers.create({ email: 'ops@example.test', role: 'operator', passwordHash: 'h' });

      await expect(customers.create({ email: 'Ops@example.test', role: 'customer' })).rejects.toMatchObject({
        code: 'name_taken',
      });
      expect(await customers.listForLogin('ops@example.test')).toMatchObject([
        { id: holder.id, isClaimed: true },
        { id: stranger.customerId, isClaimed: false },
      ]);
      expect((await customers.findByEmail('ops@example.test'))?.id).toBe(holder.id);
    });

    it('that a stranger has typed is not theirs when an operator makes a store for it', async () => {
      const stranger = await accept({ email: 'bob@example.test' });
      const { customers } = database.repositories;

      const made = await Promise.all(
        Array.from({ length: 5 }, () => customers.getOrCreate({ email: 'bob@example.test', now: NOW })),
      );

      expect(new Set(made.map(({ id }) => id)).size).toBe(1);
      expect(made[0]?.id).not.toBe(stranger.customerId);
    });
  });

  describe('a session', () => {
    it('is opened by its newest token only', async () => {
      const { customerId } = await accept();
      await web.sessions.start(await checked(customerId), aSession('old'));
      const renew = () =>
        web.sessions.renew({ oldTokenHash: digestOf('old'), newTokenHash: digestOf('new'), now: new Date() });

      expect([await renew(), await renew()]).toEqual([true, false]);

      expect(await web.sessions.find(digestOf('old'))).toBeUndefined();
      expect((await web.sessions.find(digestOf('new')))?.provenAt.getTime()).toBeGreaterThan(NOW.getTime());
    });

    it('goes with its account, ends once, and is swept when its time is over', async () => {
      const { customerId } = await accept();
      await web.sessions.start(await checked(customerId), aSession('one'));
      await web.sessions.start(await checked(customerId), aSession('two'));

      expect([await web.sessions.end(digestOf('one')), await web.sessions.end(digestOf('one'))]).toEqual([true, false]);
      await web.sessions.removeEnded({ now: NOW, seenBefore: NOW });
      expect(await web.sessions.find(digestOf('two'))).toBeDefined();
      await web.sessions.removeEnded({ now: new Date(NOW.getTime() + 14 * DAY), seenBefore: NOW });
      expect(await web.sessions.find(digestOf('two'))).toBeUndefined();
    });

    it('does not begin by a password that was changed, or without a second factor that was added, since it was tried', async () => {
      const { customerId } = await accept();
      const before = await checked(customerId);
      await web.customers.renewPasswordHash(customerId, { was: 'hash-1', is: 'hash-2' });
      const refused = { code: 'wrong_credentials' };

      await expect(web.sessions.start(before, aSession())).rejects.toMatchObject(refused);
      await expect(accept({ name: 'second', customerId })).rejects.toMatchObject(refused);
      await web.customers.renewPasswordHash(customerId, { was: 'hash-1', is: 'hash-1' });
      const after = await checked(customerId);
      expect(after.passwordHash).toBe('hash-2');
      await giveSecondFactor(database, customerId);

      await expect(web.sessions.start(after, aSession())).rejects.toMatchObject(refused);
      await expect(web.sessions.start(await checked(customerId), aSession())).resolves.toMatch(/^ses_/);
    });

    it('that begins while the password is changed has ended after it, or never begun', async () => {
      const { customerId } = await accept({ token: TOKEN });
      const own = (await web.sessions.find(digestOf(TOKEN)))?.id ?? '';
      for (let round = 1; round <= ROUNDS; round += 1) {
        const account = await checked(customerId);
        const change = {
          customerId,
          sessionId: own,
          passwordHash: `new-${round}`,
          newTokenHash: digestOf(`new-${round}`),
          emailDigest: digestOf('ann@example.test'),
          origin: { actor: customerId },
          mail: { recipient: 'ann@example.test', kind: 'password-changed', payload: {} },
          now: NOW,
        };
        const tokens = Array.from({ length: AT_ONCE }, () => makeToken());
        const starts = tokens.map((token) => web.sessions.start(account, aSession(token)));

        await Promise.allSettled([
          ...starts.slice(1),
          web.accountChanges.changePassword(change),
          ...starts.slice(0, 1),
        ]);

        const found = await Promise.all(tokens.map((token) => web.sessions.find(digestOf(token))));
        expect(found.filter((session) => session !== undefined)).toEqual([]);
        expect((await web.sessions.find(digestOf(`new-${round}`)))?.id).toBe(own);
      }
    });

    it('in which an operator acts is proven by nothing, the customer’s own code included', async () => {
      const operator = await accept({ email: 'ops@example.test', name: 'ops', token: TOKEN });
      const { customerId } = await accept();
      await giveSecondFactor(database, customerId);
      const operatorSession = (await web.sessions.find(digestOf(TOKEN)))?.id ?? '';
      const origin = { actor: operator.customerId, as: customerId };
      const times = { now: NOW, expiresAt: new Date(NOW.getTime() + DAY) };
      const at = { operatorSession, reason: 'a look', userAgent: '', address: '192.0.2.7' };
      const tokenHash = digestOf('acting');
      await web.actingSessions.start({ ...at, ...times, tokenHash, customerId, origin });
      const sessionId = (await web.sessions.find(tokenHash))?.id ?? '';

      const proof = web.secondFactors.prove({
        customerId,
        use: { kind: 'totp', step: 1 },
        origin,
        sessionId,
        oldTokenHash: tokenHash,
        newTokenHash: digestOf('proven'),
        mailOf: () => {
          throw new Error('No recovery code was used.');
        },
        now: NOW,
      });

      await expect(proof).rejects.toMatchObject({ code: 'not_signed_in' });
    });

    it('ends as the one that replaces it begins, with a line for each, whosever it was', async () => {
      const ann = await accept();
      const bob = await accept({ email: 'bob@example.test', name: 'bobs' });
      await web.sessions.start(await checked(ann.customerId), aSession('one'));

      await web.sessions.start(await checked(bob.customerId), { ...aSession('two'), replaces: digestOf('one') });
      await web.sessions.start(await checked(bob.customerId), { ...aSession('three'), replaces: digestOf('one') });

      expect(await web.sessions.find(digestOf('one'))).toBeUndefined();
      expect(await web.sessions.find(digestOf('three'))).toBeDefined();
      const ended = (await database.repositories.audit.list()).filter(({ action }) => action === 'session.ended');
      expect(ended).toMatchObject([{ actor: ann.customerId, target: ann.customerId }]);
    });

    it('carries any user agent, cut to what is kept', async () => {
      const { customerId } = await accept();

      await expect(
        web.sessions.start(await checked(customerId), { ...aSession('x'), userAgent: '🛒'.repeat(1000) }),
      ).resolves.toMatch(/^ses_/);
    });
  });
});
