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
import { FIRST_PLANS } from '../domain/plans.ts';
import type { Offer } from '../web/services.ts';

const from = (address: string) => aVisitor({ address });

const WITH_MAGENTO: Offer = {
  ...AN_OFFER,
  platforms: AN_OFFER.platforms.map((platform) => ({ ...platform, unavailable: null })),
};

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

  it('makes no new account without the box beside the terms, where there are terms; asks no customer, and nobody else', async () => {
    const world = fakeAccounts({ termsUrl: 'https://example.com/terms' });

    await expect(world.accounts.signUp(aForm(), aVisitor())).rejects.toMatchObject({
      fields: { terms: expect.stringContaining('tick the box') },
    });
    expect(world.customers).toEqual([]);
    await world.accounts.signUp(aForm({ agreesToTerms: true }), aVisitor());
    await world.accounts.signUp(aForm({ isCustomer: true }), aVisitor());
    expect(world.stores).toHaveLength(2);
  });

  it('keeps what the shop is to begin with; the same form with another beginning is another wish', async () => {
    const world = fakeAccounts();
    const form = aForm({ start: { title: 'Roses', currency: 'EUR', country: '' } });
    await world.accounts.signUp(form, aVisitor());

    expect(world.stores).toMatchObject([{ title: 'Roses', start: { title: 'Roses', currency: 'EUR' } }]);
    await world.accounts.signUp(form, aVisitor());
    await expect(
      world.accounts.signUp({ ...form, start: { ...form.start, currency: 'USD' } }, aVisitor()),
    ).rejects.toMatchObject({ fields: { store_name: expect.stringContaining('made already') } });
    expect(world.stores).toHaveLength(1);
  });

  it('refuses a beginning that the platform cannot have, beside its field and with all else that is wrong', async () => {
    const world = fakeAccounts();
    const form = aForm({ platform: 'wordpress', email: 'no', start: { currency: 'EUR', timezone: '../etc' } });

    await expect(world.accounts.signUp(form, aVisitor())).rejects.toMatchObject({
      fields: {
        email: expect.any(String),
        currency: expect.stringContaining('no such setting'),
        timezone: expect.stringContaining('Europe/Berlin'),
      },
    });
    expect(world.stores).toEqual([]);
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

  it('of a platform that needs a larger plan gets the smallest that is enough, unless a larger one is wished for', async () => {
    const world = fakeAccounts({ offer: async () => WITH_MAGENTO });

    for (const plan of [undefined, '', 'scale']) {
      await world.accounts.signUp(aForm({ platform: 'magento', plan }), aVisitor());
    }

    expect(world.stores.map(({ plan }) => plan)).toEqual(['business', 'business', 'scale']);
  });

  it('of a plan that is too small for the platform says so beside the plan, and makes nothing', async () => {
    const world = fakeAccounts({ offer: async () => WITH_MAGENTO });

    await expect(
      world.accounts.signUp(aForm({ platform: 'magento', plan: 'starter' }), aVisitor()),
    ).rejects.toMatchObject({ fields: { plan: expect.stringMatching(/^Magento needs 2 GB/) } });
    expect([world.customers, world.stores]).toEqual([[], []]);
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
    if (!isThere) await world.accounts.logOut(form.token ?? '', aVisitor());
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
