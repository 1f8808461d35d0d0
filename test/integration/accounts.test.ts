import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAccounts } from '../../src/accounts/create-accounts.ts';
import { limitBuckets } from '../../src/accounts/limits.ts';
import { createBeginSecondStep } from '../../src/accounts/second-step.ts';
import { deriveKey } from '../../src/adapters/crypto/derive-key.ts';
import { createDeviceTokens } from '../../src/adapters/crypto/device-tokens.ts';
import { createPasswordHasher, hashPassword } from '../../src/adapters/crypto/hash-password.ts';
import { judgePassword } from '../../src/adapters/crypto/judge-password.ts';
import { digestOf, makeToken } from '../../src/adapters/crypto/session-tokens.ts';
import { createRepositories } from '../../src/adapters/mysql/index.ts';
import { createRateLimits } from '../../src/adapters/redis/rate-limits.ts';
import { pause } from '../../src/lib/deadline.ts';
import { AN_OFFER, aForm, aVisitor, PASSWORD, signedIn } from '../fakes/fake-accounts.ts';
import { forEachDatabase, type TestDatabase } from '../services/for-each-database.ts';
import { type RedisServer, startRedis } from '../services/redis.ts';
import { countRows, somePools, whereIs } from './mysql/fixtures.ts';

const SECRET_KEY = 'a key for this test alone';
const EMAIL = 'ann@example.test';
const right = { email: EMAIL, password: PASSWORD, token: undefined };
const hasher = createPasswordHasher(deriveKey(SECRET_KEY, 'password-salts'));

let visitors = 0;
/** Nobody who was here before: limits of other tests do not count. */
const aNewVisitor = () => {
  visitors += 1;
  return aVisitor({ address: `203.0.113.${visitors}` });
};

forEachDatabase((_, connect) => {
  let database: TestDatabase;
  let redis: RedisServer;
  let limits: ReturnType<typeof createRateLimits<keyof ReturnType<typeof limitBuckets>>>;
  beforeAll(async () => {
    [database, redis] = await Promise.all([connect(), startRedis()]);
  });
  beforeEach(async () => {
    await database.reset();
    limits = openLimits();
    for (const bucket of ['passwords-for-email', 'welcome-mails-for-email'] as const) {
      await limits.clear(bucket, EMAIL);
    }
    return () => limits.close();
  });
  afterAll(() => redis.stop());
  const openLimits = () => createRateLimits(redis.connection, limitBuckets({ signUpsPerAddress: 20 }));

  /** As the web process has it: its user's rights, its keys, real hashes. `hashed` counts the computations. */
  function open() {
    const repositories = createRepositories(database.as('web'));
    const counts = { hashed: 0 };
    const accounts = createAccounts({
      own: { baseDomain: 'shops.test', ownHosts: ['panel.test'] },
      publicUrl: 'https://panel.test/',
      termsUrl: null,
      builtLocales: ['en_US'],
      areSignUpsOpen: true,
      offer: async () => AN_OFFER,
      customers: repositories.customers,
      accept: (signUp) => repositories.signUps.accept(signUp, somePools()),
      isMade: repositories.signUps.isMade,
      sessions: repositories.sessions,
      hasher: {
        ...hasher,
        hash: (recipe, password) => {
          counts.hashed += 1;
          return hasher.hash(recipe, password);
        },
      },
      judge: judgePassword,
      beginSecondStep: createBeginSecondStep({
        oneTime: repositories.oneTimeTokens,
        tokens: { make: makeToken, digestOf },
        now: () => new Date(),
      }),
      devices: createDeviceTokens(deriveKey(SECRET_KEY, 'devices')),
      tokens: { make: makeToken, digestOf },
      limits,
      audit: repositories.audit,
      ring: async () => true,
      pause,
      now: () => new Date(),
    });
    return { accounts, counts };
  }

  describe('a customer', () => {
    it('signs up, is known, leaves, comes back, proves it again', async () => {
      const { accounts } = open();
      const visitor = aNewVisitor();

      const first = await accounts.signUp(aForm(), visitor);
      const store = await database.repositories.stores.get(first.storeId);
      expect(await accounts.findSession(first.token)).toMatchObject({ customerId: store.customerId, email: EMAIL });
      await accounts.logOut(first.token, visitor);
      expect(await accounts.findSession(first.token)).toBeUndefined();

      const second = signedIn(await accounts.logIn(right, { ...visitor, device: first.device }));
      expect(second.device).toBe(first.device);
      const third = await accounts.proveAgain({ token: second.token, password: PASSWORD }, visitor);
      expect(await accounts.findSession(second.token)).toBeUndefined();
      expect(await accounts.findSession(third.token)).toMatchObject({ customerId: store.customerId });

      expect((await database.repositories.audit.list()).map(({ action }) => action).toReversed()).toEqual([
        'store.created',
        'account.signed_up',
        'session.started',
        'session.ended',
        'session.started',
        'session.proven',
      ]);
      for (const secret of [PASSWORD, first.token, second.token, third.token]) {
        expect(await whereIs(database, secret)).toEqual([]);
      }
    });

    it('who presses twice, or sends two tabs at one moment, has one account and one store', async () => {
      const { accounts } = open();
      const visitor = aNewVisitor();
      const form = aForm();

      const answers = await Promise.all([
        accounts.signUp(form, visitor),
        accounts.signUp(form, visitor),
        accounts.signUp({ ...form, idempotencyKey: 'the other tab' }, visitor),
        accounts.signUp({ ...form, idempotencyKey: 'a third tab' }, visitor),
      ]);

      expect(new Set(answers.map(({ storeId }) => storeId)).size).toBe(1);
      expect(await countRows(database)).toMatchObject({ customers: 1, stores: 1, sessions: 4, outbox: 2 });
      for (const { token } of answers) expect(await accounts.findSession(token)).toBeDefined();
    });
  });

  describe('known and unknown addresses', () => {
    it('get the same answer after the same number of computations', async () => {
      const { accounts, counts } = open();
      const operator = { email: 'ops@example.test', password: 'password of the operator' };
      await database.repositories.customers.create({
        email: operator.email,
        role: 'operator',
        passwordHash: await hashPassword(operator.password),
      });
      await accounts.signUp(aForm(), aNewVisitor());
      await accounts.signUp(aForm({ password: 'password of a stranger' }), aNewVisitor());
      await accounts.signUp(aForm({ email: operator.email, password: 'password of a stranger' }), aNewVisitor());

      const tell = async (email: string) => {
        counts.hashed = 0;
        const refusal: unknown = await accounts
          .logIn({ ...right, email, password: 'guess guess guess' }, aNewVisitor())
          .catch((thrown: unknown) => thrown);
        const atLogIn = counts.hashed;
        counts.hashed = 0;
        const answer = await accounts.signUp(aForm({ email, password: `new password for ${email}` }), aNewVisitor());
        const { code, message } = refusal as { code: string; message: string };
        return { code, message, fields: Object.keys(answer), atLogIn, atSignUp: counts.hashed };
      };

      const answers = [await tell('nobody@example.test'), await tell(EMAIL), await tell(operator.email)];
      expect(answers).toEqual([answers[0], answers[0], answers[0]]);
      expect(answers[0]).toMatchObject({ code: 'wrong_credentials' });
    });
  });

  it('a hash of yesterday’s costs becomes today’s at the next log-in', async () => {
    const { accounts } = open();
    const old = await hasher.hash(
      { memoryCost: 8192, timeCost: 1, parallelism: 1, salt: 'b2xkLXNhbHQtb2xkIQ' },
      PASSWORD,
    );
    const { id } = await database.repositories.customers.create({ email: EMAIL, role: 'customer', passwordHash: old });

    await accounts.logIn(right, aNewVisitor());

    const stored = (await database.repositories.customers.findForLogin(id))?.passwordHash ?? '';
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/);
    await expect(accounts.logIn(right, aNewVisitor())).resolves.toBeDefined();
  });

  it('tries are counted across a restart of the web process, and keep nobody out who was here before', async () => {
    const { accounts } = open();
    const visitor = aNewVisitor();
    const { device } = await accounts.signUp(aForm(), visitor);
    for (let time = 1; time <= 5; time += 1) {
      await expect(accounts.logIn({ ...right, password: 'wrong wrong' }, visitor)).rejects.toMatchObject({
        code: 'wrong_credentials',
      });
    }
    limits.close();
    limits = openLimits();
    const restarted = open().accounts;

    await expect(restarted.logIn(right, visitor)).rejects.toMatchObject({ code: 'too_many_tries' });
    await expect(restarted.logIn(right, { ...visitor, device })).resolves.toBeDefined();
    await expect(restarted.logIn(right, aNewVisitor())).resolves.toBeDefined();
  });
});
