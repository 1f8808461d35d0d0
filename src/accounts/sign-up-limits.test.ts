import { describe, expect, it } from 'vitest';
import { AN_OFFER, aForm, aVisitor, fakeAccounts, fakeLimits } from '../../test/fakes/fake-accounts.ts';
import { AppError, InvalidFormError } from '../domain/errors.ts';
import { DAY, HOUR } from '../lib/time.ts';

const from = (address: string) => aVisitor({ address });

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

  it('refused ones from one address end after a hundred and twenty, and cost no hash', async () => {
    const world = fakeAccounts();
    for (let time = 1; time <= 120; time += 1) {
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
