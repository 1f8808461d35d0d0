import { describe, expect, it } from 'vitest';
import {
  AN_OFFER,
  aForm,
  aVisitor,
  fakeAccounts,
  fakeHash,
  fakeLimits,
  PASSWORD,
  TODAYS_COST,
} from '../../test/fakes/fake-accounts.ts';
import { AppError, InvalidFormError } from '../domain/errors.ts';
import { FIRST_PLANS } from '../domain/plans.ts';
import { DAY, HOUR } from '../lib/time.ts';

const from = (address: string) => aVisitor({ address });

describe('a sign-up', () => {
  it('makes account, store, session and mail, and rings afterwards', async () => {
    const world = fakeAccounts();

    const { token, storeId } = await world.accounts.signUp(aForm({ storeName: ' My-Shop ' }), aVisitor());

    expect(world.stores).toMatchObject([{ id: storeId, name: 'my-shop' }]);
    expect(await world.accounts.findSession(token)).toMatchObject({ email: 'ann@example.test', role: 'customer' });
    expect(world.mails).toEqual([
      {
        storeName: 'my-shop',
        email: 'ann@example.test',
        progressUrl: `https://panel.test/stores/${storeId}`,
        dashboardUrl: 'https://panel.test/dashboard',
      },
    ]);
    expect(world.rung).toEqual([`run_${storeId}`]);
    expect(world.actions()).toEqual(['account.signed_up', 'session.started']);
  });

  it('keeps the password nowhere but in its hash', async () => {
    const world = fakeAccounts();
    await world.accounts.signUp(aForm(), aVisitor());

    const { customers, hashed: _hashed, ...rest } = world;
    expect(customers[0]?.passwordHash).toContain(PASSWORD);
    expect(JSON.stringify({ audit: rest.audit, mails: rest.mails, sessions: rest.sessions })).not.toContain(PASSWORD);
  });

  it('tells everything that is wrong at once, by the form’s own names, and makes nothing', async () => {
    const world = fakeAccounts();
    const form = aForm({
      email: 'no',
      password: 'short',
      storeName: '-',
      platform: 'joomla',
      domain: 'localhost',
      plan: 'gold',
    });

    const refused = world.accounts.signUp(form, aVisitor());

    await expect(refused).rejects.toMatchObject({
      code: 'invalid_input',
      fields: {
        email: expect.any(String),
        password: expect.any(String),
        store_name: expect.any(String),
        platform: expect.any(String),
        domain: expect.any(String),
        plan: expect.any(String),
      },
    });
    expect([world.customers, world.stores, world.hashed]).toEqual([[], [], []]);
  });

  it('takes fields that were left alone for none', async () => {
    const world = fakeAccounts();

    await expect(world.accounts.signUp(aForm({ domain: ' ', plan: '' }), aVisitor())).resolves.toBeDefined();
  });

  it('of a platform that cannot be had says why, beside the field', async () => {
    const world = fakeAccounts();

    await expect(world.accounts.signUp(aForm({ platform: 'magento' }), aVisitor())).rejects.toMatchObject({
      fields: { platform: 'Magento is not here yet.' },
    });
  });

  it('is refused while sign-ups are closed, by the operator or by the offer', async () => {
    const closed = { code: 'sign_ups_closed' };
    const byOperator = fakeAccounts({ areSignUpsOpen: false });
    const byOffer = fakeAccounts({ offer: async () => ({ ...AN_OFFER, closed: 'We are full.' }) });

    await expect(byOperator.accounts.signUp(aForm(), aVisitor())).rejects.toMatchObject(closed);
    await expect(byOffer.accounts.signUp(aForm(), aVisitor())).rejects.toMatchObject({
      ...closed,
      message: 'We are full.',
    });
    expect([byOperator.stores, byOffer.stores]).toEqual([[], []]);
  });
});

describe('the same wish again', () => {
  it('by the same form is the same store, with a new session', async () => {
    const world = fakeAccounts();
    const form = aForm();

    const first = await world.accounts.signUp(form, aVisitor());
    const again = await world.accounts.signUp(form, aVisitor());

    expect(again.storeId).toBe(first.storeId);
    expect(again.token).not.toBe(first.token);
    expect([world.stores.length, world.customers.length, world.rung.length]).toEqual([1, 1, 1]);
  });

  it('in another tab, with the same name, is the same store', async () => {
    const world = fakeAccounts();

    const [one, other] = await Promise.all([
      world.accounts.signUp(aForm({ storeName: 'mine' }), aVisitor()),
      world.accounts.signUp(aForm({ storeName: 'mine' }), aVisitor()),
    ]);

    expect(one.storeId).toBe(other.storeId);
    expect(world.customers).toHaveLength(1);
  });

  it('by the same form with another password is refused, with words', async () => {
    const world = fakeAccounts();
    const form = aForm();
    await world.accounts.signUp(form, aVisitor());

    const refused = world.accounts.signUp({ ...form, password: 'another password' }, aVisitor());

    await expect(refused).rejects.toMatchObject({ fields: { email: expect.stringContaining('sent before') } });
    expect([world.customers.length, world.sessions.length]).toEqual([1, 1]);
  });

  it('any number of times uses up nothing', async () => {
    const world = fakeAccounts();
    const form = aForm();

    for (let time = 1; time <= 100; time += 1) await world.accounts.signUp(form, aVisitor());

    expect(world.stores).toHaveLength(1);
  });
});

describe('the second of two clicks', () => {
  const person = (index: number) => aForm({ email: `p${index}@example.test` });
  const byAddress = { fill: person, limit: 20 };
  const byEmail = { fill: () => aForm(), limit: 5 };

  it.each([byAddress, byEmail])(
    'is no sign-up of its own, also for the last one of $limit',
    async ({ fill, limit }) => {
      const world = fakeAccounts();
      for (let index = 1; index < limit; index += 1) await world.accounts.signUp(fill(index), aVisitor());
      const last = fill(limit);

      const one = await world.accounts.signUp(last, aVisitor());
      const other = await world.accounts.signUp(last, aVisitor());

      expect(other.storeId).toBe(one.storeId);
      await expect(world.accounts.signUp(fill(limit + 1), aVisitor())).rejects.toMatchObject({
        code: 'too_many_tries',
      });
    },
  );

  it.each([byAddress, byEmail])('at the same moment waits for the first, for the last one of $limit', async (bound) => {
    const world = fakeAccounts();
    for (let index = 1; index < bound.limit; index += 1) await world.accounts.signUp(bound.fill(index), aVisitor());
    const last = bound.fill(bound.limit);

    const answers = await Promise.all([
      world.accounts.signUp(last, aVisitor()),
      world.accounts.signUp(last, aVisitor()),
    ]);

    expect(new Set(answers.map(({ storeId }) => storeId)).size).toBe(1);
    expect(world.stores).toHaveLength(bound.limit);
  });

  it('gets the store that took the last place, and nobody else does', async () => {
    let closed: string | null = null;
    const platforms = AN_OFFER.platforms.map((platform) => ({ ...platform, unavailable: 'No more.' }));
    const world = fakeAccounts({
      offer: async () => (closed === null ? AN_OFFER : { ...AN_OFFER, closed, platforms }),
    });
    const form = aForm();
    const first = await world.accounts.signUp(form, aVisitor());
    closed = 'We are full.';

    await expect(world.accounts.signUp(form, aVisitor())).resolves.toMatchObject({ storeId: first.storeId });
    const other = { ...form, email: 'eve@example.test' };
    await expect(world.accounts.signUp(other, aVisitor())).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(world.accounts.signUp(aForm(), aVisitor())).rejects.toMatchObject({ code: 'sign_ups_closed' });
    expect(world.stores).toHaveLength(1);
  });
});

describe('another wish by the same form', () => {
  it.each([
    { storeName: 'another' },
    { platform: 'wordpress' },
    { domain: 'shop.example.com' },
    { plan: FIRST_PLANS.at(-1)?.name },
  ])('is told, and makes nothing: %j', async (change) => {
    const world = fakeAccounts();
    const form = aForm({ storeName: 'mine' });
    const { storeId } = await world.accounts.signUp(form, aVisitor());

    const refused = world.accounts.signUp({ ...form, ...change }, aVisitor());

    await expect(refused).rejects.toMatchObject({ fields: { store_name: expect.stringContaining('“mine”') } });
    expect([world.stores.length, world.sessions.length]).toEqual([1, 1]);
    await expect(world.accounts.signUp(form, aVisitor())).resolves.toMatchObject({ storeId });
  });

  it('written in another way is the same one', async () => {
    const world = fakeAccounts();
    const form = aForm({ storeName: 'mine', domain: 'shop.example.com' });
    const { storeId } = await world.accounts.signUp(form, aVisitor());

    const written = { ...form, email: ' ANN@example.test', storeName: ' Mine ', domain: 'SHOP.example.com' };
    await expect(world.accounts.signUp(written, aVisitor())).resolves.toMatchObject({ storeId });
  });
});

describe('a customer who is signed in', () => {
  async function signedIn() {
    const world = fakeAccounts();
    const { id } = world.addCustomer();
    const { token } = await world.accounts.logIn(
      { email: 'ann@example.test', password: PASSWORD, token: undefined },
      aVisitor(),
    );
    return { world, id, form: aForm({ isCustomer: true, token }) };
  }

  it('gets the store into that account; clicking twice is one store, and one session goes on', async () => {
    const { world, id, form } = await signedIn();

    const answers = await Promise.all([
      world.accounts.signUp(form, aVisitor()),
      world.accounts.signUp(form, aVisitor()),
    ]);
    const later = await world.accounts.signUp(form, aVisitor());

    expect(world.stores).toMatchObject([{ customerId: id }]);
    for (const { token, storeId } of [...answers, later]) {
      expect(storeId).toBe(world.stores[0]?.id);
      expect(await world.accounts.findSession(token)).toMatchObject({ customerId: id });
    }
    expect(await world.accounts.findSession(form.token ?? '')).toBeUndefined();
  });

  it.each([true, false])('never gets a second account by a wrong password (session: %s)', async (isThere) => {
    const { world, form } = await signedIn();
    if (!isThere) await world.accounts.logOut(form.token ?? '');
    const wrong = { ...form, password: 'not the password' };

    await expect(world.accounts.signUp(wrong, aVisitor())).rejects.toMatchObject({
      fields: { password: expect.stringContaining('not the password of your account') },
    });

    expect([world.customers.length, world.stores.length]).toEqual([1, 0]);
    expect(world.actions()).toContain('session.refused');
    await expect(world.accounts.signUp(form, aVisitor())).resolves.toBeDefined();
  });

  it('as somebody else by now is told so, and may have a password older than today’s rules', async () => {
    const { world, form } = await signedIn();
    world.addCustomer({
      email: 'bob@example.test',
      passwordHash: fakeHash({ memoryCost: TODAYS_COST, salt: 'b' }, 'old'),
    });
    const bob = await world.accounts.logIn(
      { email: 'bob@example.test', password: 'old', token: form.token },
      aVisitor(),
    );

    await expect(world.accounts.signUp({ ...form, token: bob.token }, aVisitor())).rejects.toMatchObject({
      fields: { password: expect.stringContaining('bob@example.test') },
    });
    const bobs = { ...form, email: 'bob@example.test', password: 'old', token: bob.token };
    await expect(world.accounts.signUp(bobs, aVisitor())).resolves.toBeDefined();
  });

  it('is another one’s account of the same address never', async () => {
    const { world, form } = await signedIn();
    await world.accounts.signUp(aForm({ password: 'password of a stranger' }), from('198.51.100.1'));

    await expect(world.accounts.signUp({ ...form, password: 'password of a stranger' }, aVisitor())).rejects.toThrow();
  });
});

describe('a known address', () => {
  it('with its password gets the store into its account', async () => {
    const world = fakeAccounts();
    const { id } = world.addCustomer();

    await world.accounts.signUp(aForm(), aVisitor());

    expect(world.stores).toMatchObject([{ customerId: id }]);
    expect(world.customers).toHaveLength(1);
  });

  it('with another password gets an account of its own, and nothing tells', async () => {
    const known = fakeAccounts();
    const { id } = known.addCustomer();
    const unknown = fakeAccounts();
    const form = aForm({ password: 'another password' });

    const answers = [
      await known.accounts.signUp(form, aVisitor()),
      await unknown.accounts.signUp(form, aVisitor()),
    ] as const;

    expect(known.stores[0]?.customerId).not.toBe(id);
    expect(Object.keys(answers[0])).toEqual(Object.keys(answers[1]));
    expect(known.hashed).toHaveLength(unknown.hashed.length);
    expect(known.mails).toEqual(unknown.mails);
  });

  it('costs the same work, whoever has it', async () => {
    const work = async (prepare: (world: ReturnType<typeof fakeAccounts>) => Promise<unknown>): Promise<number> => {
      const world = fakeAccounts({ limits: fakeLimits(() => new Date(Date.now()), 1000) });
      await prepare(world);
      world.hashed.length = 0;
      await world.accounts.signUp(aForm({ password: 'yet another password' }), aVisitor());
      return world.hashed.length;
    };

    const costs = await Promise.all([
      work(async () => undefined),
      work(async (world) => world.addCustomer()),
      work(async (world) => world.addCustomer({ passwordHash: null })),
      work(async (world) => {
        world.addCustomer();
        await world.accounts.signUp(aForm({ password: 'password of a stranger' }), aVisitor());
        await world.accounts.signUp(aForm({ password: 'password of another one' }), aVisitor());
      }),
    ]);

    expect(new Set(costs).size).toBe(1);
  });
});

describe('too many sign-ups', () => {
  const tooMany = { code: 'too_many_tries' };
  const person = (index: number) => aForm({ email: `p${index}@example.test` });

  it('from one address: twenty are accepted in an hour, also for one /64, and others are not kept out', async () => {
    const world = fakeAccounts();
    for (let index = 1; index <= 20; index += 1) {
      await world.accounts.signUp(person(index), from(`2001:db8::${index}`));
    }

    await expect(world.accounts.signUp(person(21), from('2001:db8::99'))).rejects.toMatchObject({
      ...tooMany,
      retryAfterMs: HOUR,
    });
    await expect(world.accounts.signUp(person(21), from('2001:db8:0:1::1'))).resolves.toBeDefined();
    world.pass(HOUR);
    await expect(world.accounts.signUp(person(22), from('2001:db8::99'))).resolves.toBeDefined();
  });

  it('refused ones from one address end after sixty, and cost no hash', async () => {
    const world = fakeAccounts();
    for (let time = 1; time <= 60; time += 1) {
      await expect(world.accounts.signUp(aForm({ email: 'no' }), aVisitor())).rejects.toMatchObject({
        code: 'invalid_input',
      });
    }

    await expect(world.accounts.signUp(aForm(), aVisitor())).rejects.toMatchObject(tooMany);
    expect(world.hashed).toEqual([]);
  });

  it.each([true, false])('for one e-mail from one address end after five a day (known: %s)', async (isKnown) => {
    const world = fakeAccounts();
    if (isKnown) world.addCustomer();
    for (let time = 1; time <= 5; time += 1) await world.accounts.signUp(aForm(), aVisitor());

    await expect(world.accounts.signUp(aForm(), aVisitor())).rejects.toMatchObject(tooMany);
    await expect(world.accounts.signUp(aForm(), from('192.0.2.99'))).resolves.toBeDefined();
    world.pass(DAY);
    await expect(world.accounts.signUp(aForm(), aVisitor())).resolves.toBeDefined();
  });

  it('with somebody’s address keep nobody out who comes from elsewhere, and send five mails a day', async () => {
    const world = fakeAccounts();
    await world.accounts.signUp(aForm({ storeName: 'mine', email: 'owner@example.test' }), aVisitor());
    world.mails.length = 0;
    for (let index = 1; index <= 100; index += 1) {
      const password = `password of stranger ${index}`;
      await world.accounts
        .signUp(aForm({ storeName: 'mine', password }), from(`192.0.2.${index}`))
        .catch(() => undefined);
      if (index <= 10) await world.accounts.signUp(aForm({ password }), from(`198.51.100.${index}`));
    }
    world.pauses.length = 0;

    await expect(world.accounts.signUp(aForm(), from('203.0.113.1'))).resolves.toBeDefined();

    expect(world.pauses).toEqual([3000]);
    expect(world.mails).toHaveLength(5);
    world.pass(DAY);
    await world.accounts.signUp(aForm(), from('203.0.113.1'));
    expect(world.mails).toHaveLength(6);
  });

  it('from the same network keep nobody out whose browser was signed in to the account before', async () => {
    const world = fakeAccounts();
    const { device } = await world.accounts.signUp(aForm(), aVisitor());
    const stranger = (index: number) => aForm({ password: `password of stranger ${index}` });
    for (let index = 1; index <= 4; index += 1) await world.accounts.signUp(stranger(index), aVisitor());

    await expect(world.accounts.signUp(stranger(5), aVisitor())).rejects.toMatchObject(tooMany);
    await expect(world.accounts.signUp(stranger(5), aVisitor({ device: `${device}x` }))).rejects.toMatchObject(tooMany);
    // The proof is for one account, not for the address.
    await expect(world.accounts.signUp(stranger(5), aVisitor({ device }))).rejects.toMatchObject(tooMany);
    await expect(world.accounts.signUp(aForm(), aVisitor({ device }))).resolves.toBeDefined();
  });

  it('are no way to guess passwords: with log-ins, twenty an hour from one address, known address or not', async () => {
    const triesOf = async (email: string, isKnown: boolean): Promise<number> => {
      const world = fakeAccounts({ limits: fakeLimits(() => world.now, 1000) });
      await world.accounts.signUp(aForm({ storeName: 'mine', email: 'owner@example.test' }), from('203.0.113.1'));
      if (isKnown) world.addCustomer({ email });
      // An account of his own, which he opens after each guess.
      const { device } = await world.accounts.signUp(
        aForm({ email, password: 'my own password' }),
        from('203.0.113.2'),
      );
      let tried = 0;
      const count = (refusal: unknown): void => {
        if ((refusal as { code: string }).code !== 'too_many_tries') tried += 1;
      };
      for (let index = 1; index <= 50; index += 1) {
        const guess = { email, password: `guess number ${index}`, token: undefined };
        const visitor = aVisitor({ device: index % 2 === 0 ? device : undefined });
        await world.accounts.signUp(aForm({ ...guess, storeName: 'mine' }), visitor).catch(count);
        await world.accounts.logIn(guess, aVisitor()).catch(count);
        await world.accounts.logIn({ ...guess, password: 'my own password' }, aVisitor({ device }));
      }
      return tried;
    };

    expect([await triesOf('ann@example.test', true), await triesOf('nobody@example.test', false)]).toEqual([20, 20]);
  });

  it('are no way to try stolen passwords of many either: what was refused for its content counts', async () => {
    const world = fakeAccounts();
    for (let index = 1; index <= 20; index += 1) {
      await world.accounts.signUp(
        aForm({ storeName: `shop-of-${index}`, email: `p${index}@example.test` }),
        from(`192.0.2.${index}`),
      );
    }
    let tried = 0;
    for (let index = 1; index <= 20; index += 1) {
      for (const password of ['stolen password 1', 'stolen password 2']) {
        const form = aForm({ storeName: `shop-of-${index}`, email: `p${index}@example.test`, password });
        const refusal: unknown = await world.accounts
          .signUp(form, from('198.51.100.1'))
          .catch((thrown: unknown) => thrown);
        if (refusal instanceof InvalidFormError) tried += 1;
      }
    }

    expect(tried).toBe(20);
  });

  it('do not count what failed on our side', async () => {
    let isBroken = true;
    const healthy = fakeAccounts();
    const world = fakeAccounts({
      accept: (signUp) =>
        isBroken ? Promise.reject(new AppError('database_unavailable', 'away')) : healthy.deps.accept(signUp),
    });
    for (let time = 1; time <= 10; time += 1) {
      await expect(world.accounts.signUp(aForm(), aVisitor())).rejects.toMatchObject({ code: 'database_unavailable' });
    }

    isBroken = false;
    await expect(world.accounts.signUp(aForm(), aVisitor())).resolves.toBeDefined();
  });
});
