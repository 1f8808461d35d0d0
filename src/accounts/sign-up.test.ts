import { describe, expect, it } from 'vitest';
import { AN_OFFER, aForm, aVisitor, fakeAccounts, fakeLimits, PASSWORD } from '../../test/fakes/fake-accounts.ts';
import { AppError } from '../domain/errors.ts';
import { DAY, HOUR } from '../lib/time.ts';

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
  const from = (address: string) => aVisitor({ address });
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

  it.each([true, false])('for one e-mail end after five a day, from anywhere (known: %s)', async (isKnown) => {
    const world = fakeAccounts();
    if (isKnown) world.addCustomer();
    for (let index = 1; index <= 5; index += 1) await world.accounts.signUp(aForm(), from(`192.0.2.${index}`));

    await expect(world.accounts.signUp(aForm(), from('192.0.2.99'))).rejects.toMatchObject(tooMany);
    world.pass(DAY);
    await expect(world.accounts.signUp(aForm(), from('192.0.2.99'))).resolves.toBeDefined();
  });

  it('with somebody’s address keep nobody out who was signed in to it before', async () => {
    const world = fakeAccounts();
    const { device } = await world.accounts.signUp(aForm(), aVisitor());
    const stranger = (index: number) => aForm({ password: `password of stranger ${index}` });
    for (let index = 1; index <= 4; index += 1) await world.accounts.signUp(stranger(index), from(`192.0.2.${index}`));

    await expect(world.accounts.signUp(stranger(5), from('192.0.2.99'))).rejects.toMatchObject(tooMany);
    await expect(world.accounts.signUp(stranger(5), aVisitor({ device: `${device}x` }))).rejects.toMatchObject(tooMany);
    await expect(world.accounts.signUp(aForm(), aVisitor({ device }))).resolves.toBeDefined();
  });

  it('are no way to guess passwords: a name that is taken costs a try, known address or not', async () => {
    const triesOf = async (email: string): Promise<number> => {
      const world = fakeAccounts();
      await world.accounts.signUp(aForm({ storeName: 'mine', email: 'owner@example.test' }), aVisitor());
      for (let tries = 0; ; tries += 1) {
        const form = aForm({ storeName: 'mine', email, password: `guess number ${tries}` });
        const refusal: unknown = await world.accounts
          .signUp(form, from(`198.51.100.${tries}`))
          .catch((thrown: unknown) => thrown);
        if (refusal instanceof AppError && refusal.code === 'too_many_tries') return tries;
        expect(refusal).toMatchObject({ fields: { store_name: expect.any(String) } });
      }
    };

    // One of the owner's twenty was the sign-up itself.
    expect([await triesOf('owner@example.test'), await triesOf('nobody@example.test')]).toEqual([19, 20]);
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
