import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type AccountsDeps, createAccounts } from '../../src/accounts/create-accounts.ts';
import { limitBuckets, type RateLimits } from '../../src/accounts/limits.ts';
import { createDeviceTokens } from '../../src/adapters/crypto/device-tokens.ts';
import type { PasswordRecipe } from '../../src/adapters/crypto/hash-password.ts';
import { digestOf, makeToken } from '../../src/adapters/crypto/session-tokens.ts';
import type { AuditLine } from '../../src/adapters/mysql/audit.ts';
import type { CheckedAccount, CustomerForLogin } from '../../src/adapters/mysql/customers.ts';
import type { NewSession, StoredSession } from '../../src/adapters/mysql/sessions.ts';
import type { NewSignUp, SignUpResult } from '../../src/adapters/mysql/sign-ups.ts';
import { AppError } from '../../src/domain/errors.ts';
import { FIRST_PLANS } from '../../src/domain/plans.ts';
import { MINUTE } from '../../src/lib/time.ts';
import type { Offer, SecondStepWanted, SignedIn, SignUpInput, Visitor } from '../../src/web/services.ts';

type FakeCustomer = { -readonly [Key in keyof CustomerForLogin]: CustomerForLogin[Key] };
type FakeSession = { -readonly [Key in keyof NewSession]: NewSession[Key] } & {
  id: string;
  customerId: string;
  seenAt: Date;
  provenAt: Date;
};

export const PASSWORD = 'a password of mine';

export const AN_OFFER: Offer = {
  platforms: [
    { name: 'woocommerce', unavailable: null, usuallyMs: null, leastMemoryMb: 512 },
    { name: 'wordpress', unavailable: null, usuallyMs: null, leastMemoryMb: 512 },
    { name: 'magento', unavailable: 'Magento is not here yet.', usuallyMs: null, leastMemoryMb: 2048 },
  ],
  plans: FIRST_PLANS,
  closed: null,
};

export const aVisitor = (over: Partial<Visitor> = {}): Visitor => ({
  address: '192.0.2.1',
  userAgent: 'a browser',
  requestId: 'req_1',
  device: undefined,
  ...over,
});

let forms = 0;
export function aForm(over: Partial<SignUpInput> = {}): SignUpInput {
  forms += 1;
  return {
    email: 'ann@example.test',
    password: PASSWORD,
    storeName: `shop-${forms}`,
    platform: 'woocommerce',
    start: {},
    agreesToTerms: false,
    idempotencyKey: `form-${forms}`,
    isCustomer: false,
    token: undefined,
    ...over,
  };
}

/** Recipe and password in clear: whoever compares hashes compares both. */
export const fakeHash = ({ memoryCost, salt }: Pick<PasswordRecipe, 'memoryCost' | 'salt'>, password: string): string =>
  `${memoryCost}|${salt}|${password}`;
export const TODAYS_COST = 64;

/** The accounts feature over a world in memory, with a clock that stands still until it is moved. */
export function fakeAccounts(over: Partial<AccountsDeps> = {}) {
  const world = {
    now: new Date('2026-03-01T12:00:00.000Z'),
    customers: [] as FakeCustomer[],
    stores: [] as ({ id: string; customerId: string; requestKey: string } & NewSignUp['store'])[],
    sessions: [] as FakeSession[],
    mails: [] as Readonly<Record<string, string>>[],
    audit: [] as AuditLine[],
    rung: [] as string[],
    pauses: [] as number[],
    hashed: [] as string[],
    noted: 0,
    pass(ms: number): void {
      world.now = new Date(world.now.getTime() + ms);
    },
    addCustomer(customer: Partial<FakeCustomer> = {}): FakeCustomer {
      const made: FakeCustomer = {
        id: `cus_${world.customers.length + 1}`,
        email: 'ann@example.test',
        role: 'customer',
        createdAt: world.now,
        passwordHash: fakeHash({ memoryCost: TODAYS_COST, salt: 'its-own' }, PASSWORD),
        isClaimed: true,
        hasSecondFactor: false,
        ...customer,
      };
      world.customers.push(made);
      return made;
    },
    actions: (): string[] => world.audit.map(({ action }) => action),
  };
  const note = (action: string, target: string, details: AuditLine['details'] = {}): void => {
    world.audit.push({ actor: target, action, target, details, at: world.now });
  };
  const addSession = (customerId: string, session: NewSession): string => {
    const replaced = world.sessions.find(({ tokenHash }) => tokenHash === session.replaces);
    if (replaced !== undefined) {
      world.sessions = world.sessions.filter((other) => other !== replaced);
      note('session.ended', replaced.customerId);
    }
    const id = `ses_${world.sessions.length + 1}`;
    world.sessions.push({ ...session, id, customerId, seenAt: session.now, provenAt: session.provenAt ?? session.now });
    note('session.started', customerId, { address: session.address });
    return id;
  };

  const storedSession = (tokenHash: string): StoredSession | undefined => {
    const session = world.sessions.find((candidate) => candidate.tokenHash === tokenHash);
    const customer = world.customers.find(({ id }) => id === session?.customerId);
    if (session === undefined || customer === undefined) return undefined;
    const { email, role, isClaimed: isVerified, hasSecondFactor } = customer;
    const { now: createdAt } = session;
    return { ...session, email, role, isVerified, hasSecondFactor, createdAt, impersonator: null, deletionAt: null };
  };

  const refuseChanged = ({ id, passwordHash, hasSecondFactor }: CheckedAccount): void => {
    const now = world.customers.find((customer) => customer.id === id);
    if (now?.passwordHash === passwordHash && now.hasSecondFactor === hasSecondFactor) return;
    throw new AppError('wrong_credentials', 'changed');
  };

  const deps: AccountsDeps = {
    own: { baseDomain: 'shops.test', ownHosts: ['panel.test'] },
    publicUrl: 'https://panel.test/',
    termsUrl: null,
    builtLocales: ['en_US', 'de_DE'],
    areSignUpsOpen: true,
    offer: async () => AN_OFFER,
    customers: {
      listForLogin: async (email) =>
        world.customers
          .filter((customer) => customer.email === email)
          .toSorted((a, b) => Number(b.isClaimed) - Number(a.isClaimed))
          .map((customer) => ({ ...customer })),
      findForLogin: async (id) => world.customers.find((customer) => customer.id === id),
      renewPasswordHash: async (id, { was, is }) => {
        const customer = world.customers.find((known) => known.id === id && known.passwordHash === was);
        if (customer !== undefined) customer.passwordHash = is;
      },
    },
    accept: async (signUp) => accept(signUp),
    isMade: async (key) => world.stores.some(({ requestKey }) => requestKey === key),
    sessions: {
      start: async (account, session) => {
        refuseChanged(account);
        return addSession(account.id, session);
      },
      find: async (tokenHash) => storedSession(tokenHash),
      findAll: async (tokenHashes) =>
        new Map(
          tokenHashes.flatMap((tokenHash) => {
            const session = storedSession(tokenHash);
            return session === undefined ? [] : [[tokenHash, session] as const];
          }),
        ),
      noteSeen: async (id, now, unlessSince) => {
        world.noted += 1;
        const session = world.sessions.find((candidate) => candidate.id === id && candidate.seenAt < unlessSince);
        if (session !== undefined) session.seenAt = now;
      },
      renew: async ({ oldTokenHash, newTokenHash, now }) => {
        const session = world.sessions.find(({ tokenHash }) => tokenHash === oldTokenHash);
        if (session === undefined) return false;
        Object.assign(session, { tokenHash: newTokenHash, provenAt: now, seenAt: now });
        return true;
      },
      end: async (tokenHash) => {
        const before = world.sessions.length;
        world.sessions = world.sessions.filter((session) => session.tokenHash !== tokenHash);
        return world.sessions.length < before;
      },
      knownAmong: async (tokenHashes, now) => {
        const live = world.sessions.filter(({ expiresAt }) => expiresAt > now).map(({ tokenHash }) => tokenHash);
        return new Set(tokenHashes.filter((tokenHash) => live.includes(tokenHash)));
      },
      removeEnded: async ({ now, seenBefore }) => {
        world.sessions = world.sessions.filter(({ expiresAt, seenAt }) => expiresAt > now && seenAt >= seenBefore);
      },
    },
    hasher: {
      saltOf: (email) => `salt-of-${email}`,
      todaysRecipe: (salt) => ({ memoryCost: TODAYS_COST, timeCost: 3, parallelism: 1, salt }),
      recipeOf: (passwordHash) => {
        const [memoryCost, salt = '', password] = passwordHash.split('|');
        if (password === undefined) return undefined;
        return { memoryCost: Number(memoryCost), timeCost: 3, parallelism: 1, salt };
      },
      hash: async (recipe, password) => {
        world.hashed.push(recipe.salt);
        return fakeHash(recipe, password);
      },
    },
    judge: async () => ({ score: 4, weakness: null }),
    beginSecondStep: async ({ id }) => `pending-of-${id}`,
    devices: createDeviceTokens(new Uint8Array(32)),
    tokens: { make: makeToken, digestOf },
    limits: fakeLimits(() => world.now),
    audit: {
      append: async (line) => void world.audit.push(line),
      appendAll: async (lines) => void world.audit.push(...lines),
    },
    ring: async (runId) => void world.rung.push(runId),
    async pause(ms) {
      world.pauses.push(ms);
      await setImmediate(); // Whoever else is at work gets on meanwhile.
    },
    now: () => world.now,
    ...over,
  };

  function accept(signUp: NewSignUp): SignUpResult {
    const { store, requestKey, session, account } = signUp;
    if (account !== undefined) refuseChanged(account);
    const customer =
      world.customers.find(({ id }) => id === account?.id) ??
      world.customers.find(({ email, passwordHash }) => email === signUp.email && passwordHash === signUp.passwordHash);
    const sameForm = world.stores.find((known) => known.requestKey === requestKey);
    if (sameForm !== undefined && sameForm.customerId !== customer?.id) throw new AppError('request_refused', 'used');
    const sameName = world.stores.find(({ name }) => name === store.name);
    const again = sameForm ?? (sameName?.customerId === customer?.id ? sameName : undefined);
    if (again !== undefined) {
      const { name, platform, plan, wishedDomain, start } = again;
      const isSame = isDeepStrictEqual({ ...store, name, platform, plan, wishedDomain, start }, store);
      if (!isSame) return { kind: 'differs', storeName: name };
      addSession(again.customerId, session);
      return { kind: 'again', storeId: again.id, customerId: again.customerId };
    }
    if (sameName !== undefined) throw new AppError('name_taken', 'taken');
    const { email, passwordHash } = signUp;
    const { id: customerId } = customer ?? world.addCustomer({ email, passwordHash, isClaimed: false });
    const id = `sto_${world.stores.length + 1}`;
    world.stores.push({ ...store, id, customerId, requestKey });
    if (customer === undefined) note('account.signed_up', customerId);
    addSession(customerId, session);
    if (signUp.mailFactsOf !== null) world.mails.push(signUp.mailFactsOf(id));
    return { kind: 'new', storeId: id, customerId, runId: `run_${id}` };
  }

  const accounts = createAccounts(deps);
  return Object.assign(world, {
    /** Its `logIn` is for accounts without a second factor; `beginLogIn` for both. */
    accounts: {
      ...accounts,
      logIn: async (...request: Parameters<typeof accounts.logIn>) => signedIn(await accounts.logIn(...request)),
    },
    beginLogIn: accounts.logIn,
    limits: deps.limits,
    deps,
  });
}

/** The answer to a log-in that is done; throws where the second factor is wanted first. */
export function signedIn(answer: SignedIn | SecondStepWanted): SignedIn {
  if ('pending' in answer) throw new Error('The log-in waits for its second step.');
  return answer;
}

/** Buckets that fill again when their time is over, as the ones in Redis do. */
export function fakeLimits(now: () => Date, signUpsPerAddress = 20): RateLimits {
  const buckets = limitBuckets({ signUpsPerAddress });
  const taken = new Map<string, { count: number; endsAt: number }>();
  return {
    async take(bucket, key) {
      const { points, durationMs } = buckets[bucket];
      const at = now().getTime();
      const known = taken.get(`${bucket} ${key}`);
      const entry = known !== undefined && known.endsAt > at ? known : { count: 0, endsAt: at + durationMs };
      entry.count += 1;
      taken.set(`${bucket} ${key}`, entry);
      const isAllowed = entry.count <= points;
      return { isAllowed, taken: entry.count, retryAfterMs: isAllowed ? 0 : Math.max(entry.endsAt - at, MINUTE / 60) };
    },
    async giveBack(bucket, key) {
      const entry = taken.get(`${bucket} ${key}`);
      if (entry !== undefined && entry.endsAt > now().getTime() && entry.count > 0) entry.count -= 1;
    },
    async clear(bucket, key) {
      taken.delete(`${bucket} ${key}`);
    },
  };
}
