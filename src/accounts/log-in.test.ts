import { describe, expect, it } from 'vitest';
import { aForm, aVisitor, fakeAccounts, fakeHash, PASSWORD, TODAYS_COST } from '../../test/fakes/fake-accounts.ts';
import { HOUR, MINUTE, SECOND } from '../lib/time.ts';

const EMAIL = 'ann@example.test';
const right = { email: EMAIL, password: PASSWORD, token: undefined };
const wrong = { ...right, password: 'not the password' };
const tooMany = { code: 'too_many_tries' };
const from = (address: string, device?: string) => aVisitor({ address, device });

function withAnn() {
  const world = fakeAccounts();
  const { id } = world.addCustomer();
  return { world, id, logIn: world.accounts.logIn };
}

describe('logging in', () => {
  it('opens a session of that account, however the address is written', async () => {
    const { world, id, logIn } = withAnn();

    const { token } = await logIn({ ...right, email: ' ANN@Example.test ', password: PASSWORD }, aVisitor());

    expect(await world.accounts.findSession(token)).toEqual({
      id: 'ses_1',
      isVerified: true,
      hasSecondFactor: false,
      customerId: id,
      email: EMAIL,
      role: 'customer',
      provenAt: world.now,
    });
    expect(world.actions()).toEqual(['session.started']);
  });

  it('takes a password in whatever way a keyboard composes it', async () => {
    const world = fakeAccounts();
    const password = 'Füße größer als ich';
    await world.accounts.signUp(aForm({ password: password.normalize('NFC') }), aVisitor());

    const inParts = password.normalize('NFD');
    expect(inParts).not.toBe(password.normalize('NFC'));
    await expect(
      world.accounts.logIn({ ...right, email: EMAIL, password: inParts }, aVisitor()),
    ).resolves.toBeDefined();
  });

  it('finds the account that the password opens among all of the address', async () => {
    const { world, id, logIn } = withAnn();
    await world.accounts.signUp(aForm({ password: 'password of a stranger' }), from('198.51.100.1'));

    const { token } = await logIn(right, aVisitor());
    const other = await logIn({ ...right, email: EMAIL, password: 'password of a stranger' }, aVisitor());

    expect(await world.accounts.findSession(token)).toMatchObject({ customerId: id });
    expect((await world.accounts.findSession(other.token))?.customerId).not.toBe(id);
  });

  it('is refused in one way, after one amount of work, whatever is wrong', async () => {
    const answers: unknown[] = [];
    const works: number[] = [];
    for (const prepare of [
      () => undefined,
      (world: ReturnType<typeof fakeAccounts>) => world.addCustomer(),
      (world: ReturnType<typeof fakeAccounts>) => world.addCustomer({ passwordHash: null }),
      (world: ReturnType<typeof fakeAccounts>) => world.addCustomer({ passwordHash: 'no hash at all' }),
    ]) {
      const world = fakeAccounts();
      prepare(world);
      const refusal: unknown = await world.accounts.logIn(wrong, aVisitor()).catch((thrown: unknown) => thrown);
      answers.push(JSON.stringify([refusal, String(refusal), world.pauses, world.actions()]));
      works.push(world.hashed.length);
    }

    expect(new Set(answers).size).toBe(1);
    expect(new Set(works).size).toBe(1);
    expect(answers[0]).toContain('wrong_credentials');
  });

  it('costs the same work when it succeeds', async () => {
    const { world, logIn } = withAnn();
    await logIn(right, aVisitor());
    const success = world.hashed.length;
    await expect(logIn(wrong, aVisitor())).rejects.toThrow();

    expect(world.hashed).toHaveLength(2 * success);
  });

  it('leaves a line with the address and without the password when it is refused', async () => {
    const { world, logIn } = withAnn();
    await expect(logIn(wrong, from('198.51.100.7'))).rejects.toThrow();

    expect(world.audit).toMatchObject([
      { action: 'session.refused', target: 'cus_1', actor: 'visitor', result: 'refused', address: '198.51.100.7' },
    ]);
    expect(JSON.stringify(world.audit)).not.toContain(wrong.password);
  });

  it.each(['sto_01jd3c6v9kx2m8r4t7w0', `sto_${'x'.repeat(70)}`, 'a password of mine'])(
    'leaves a line without %j where an address belongs',
    async (email) => {
      const { world, logIn } = withAnn();
      await expect(logIn({ ...wrong, email }, aVisitor())).rejects.toMatchObject({ code: 'wrong_credentials' });

      expect(world.audit).toMatchObject([{ action: 'session.refused', target: 'not an address' }]);
      expect(JSON.stringify(world.audit)).not.toContain(email);
    },
  );

  it.each(['', 'x'.repeat(100_000), '\u0000', '🛒'.repeat(257)])('takes %j for no password', async (password) => {
    const { logIn } = withAnn();

    await expect(logIn({ ...right, email: EMAIL, password }, aVisitor())).rejects.toMatchObject({
      code: 'wrong_credentials',
    });
  });

  it('makes a hash of yesterday’s costs today’s, and only then', async () => {
    const world = fakeAccounts();
    const old = fakeHash({ memoryCost: 8, salt: 'old-salt' }, PASSWORD);
    const customer = world.addCustomer({ passwordHash: old });

    await expect(world.accounts.logIn(wrong, aVisitor())).rejects.toThrow();
    expect(customer.passwordHash).toBe(old);
    await world.accounts.logIn(right, aVisitor());

    expect(customer.passwordHash).toBe(fakeHash({ memoryCost: TODAYS_COST, salt: `salt-of-${EMAIL}` }, PASSWORD));
    await expect(world.accounts.logIn(right, aVisitor())).resolves.toBeDefined();
  });
});

describe('a password or a second factor that changes while a log-in is at work', () => {
  const yesterdays = fakeHash({ memoryCost: 8, salt: 'old-salt' }, PASSWORD);
  const change = { passwordHash: 'the hash of another password', hasSecondFactor: false };

  it.each([change, { passwordHash: yesterdays, hasSecondFactor: true }])(
    'lets nobody in by what was before, and stays as it is: %j',
    async (changed) => {
      const world = fakeAccounts({
        pause: async () => void Object.assign(customer, changed),
      });
      const customer = world.addCustomer({ passwordHash: yesterdays });

      await expect(world.accounts.logIn(right, aVisitor())).rejects.toMatchObject({ code: 'wrong_credentials' });

      expect(world.sessions).toEqual([]);
      expect(customer.hasSecondFactor).toBe(changed.hasSecondFactor);
      if (changed === change) expect(customer.passwordHash).toBe(change.passwordHash);
    },
  );

  it('lets nobody make a store by what was before', async () => {
    const world = fakeAccounts({
      pause: async () => void Object.assign(customer, change),
    });
    const customer = world.addCustomer();

    await expect(world.accounts.signUp(aForm(), aVisitor())).rejects.toMatchObject({
      fields: { password: expect.stringMatching(/not the password/) },
    });

    expect([world.sessions, world.stores]).toEqual([[], []]);
  });
});

describe('guessing', () => {
  it('one account from one address ends after five, also with the right password, for a quarter of an hour', async () => {
    const { world, logIn } = withAnn();
    for (let time = 1; time <= 5; time += 1) await expect(logIn(wrong, aVisitor())).rejects.toThrow();
    const evaluated = world.hashed.length;

    await expect(logIn(right, aVisitor())).rejects.toMatchObject({ ...tooMany, retryAfterMs: 15 * MINUTE });
    expect(world.hashed).toHaveLength(evaluated);
    world.pass(15 * MINUTE);
    await expect(logIn(right, aVisitor())).resolves.toBeDefined();
  });

  it('is forgotten once the password was right', async () => {
    const { logIn } = withAnn();
    for (let round = 1; round <= 10; round += 1) {
      for (let time = 1; time <= 4; time += 1) await expect(logIn(wrong, from(`192.0.2.${round}`))).rejects.toThrow();
      await expect(logIn(right, from(`192.0.2.${round}`))).resolves.toBeDefined();
    }
  });

  it('many accounts from one address ends after twenty, and another address is free meanwhile', async () => {
    const { world, logIn } = withAnn();
    let evaluated = 0;
    for (let index = 1; index <= 1000; index += 1) {
      const guess = logIn(
        { ...right, email: `p${index}@example.test`, password: 'guess guess guess' },
        from('198.51.100.1'),
      );
      const refusal: unknown = await guess.catch((thrown: unknown) => thrown);
      if ((refusal as { code: string }).code === 'wrong_credentials') evaluated += 1;
    }

    expect(evaluated).toBe(20);
    expect(world.hashed).toHaveLength(20 * 2);
    for (let time = 1; time <= 20; time += 1) await expect(logIn(right, aVisitor())).resolves.toBeDefined();
    world.pass(HOUR);
    await expect(logIn(right, from('198.51.100.1'))).resolves.toBeDefined();
  });

  it.each([true, false])(
    'one account from everywhere makes it slower, never impossible (known: %s)',
    async (isKnown) => {
      const world = fakeAccounts();
      if (isKnown) world.addCustomer();
      for (let index = 1; index <= 200; index += 1) {
        await expect(world.accounts.logIn(wrong, from(`198.51.100.${index}`))).rejects.toMatchObject({
          code: 'wrong_credentials',
        });
      }

      expect(world.pauses.slice(0, 8)).toEqual([0, 0, 0, 0, 0, 100, 200, 400]);
      expect(Math.max(...world.pauses)).toBe(3 * SECOND);
      if (isKnown) await expect(world.accounts.logIn(right, from('203.0.113.1'))).resolves.toBeDefined();
    },
  );
});

describe('a browser that was signed in before', () => {
  it('gets in, undelayed, whatever others do from the same address', async () => {
    const { world, logIn } = withAnn();
    const { device } = await logIn(right, aVisitor());
    for (let time = 1; time <= 50; time += 1) await logIn(wrong, aVisitor()).catch(() => undefined);
    world.pauses.length = 0;

    await expect(logIn(right, aVisitor())).rejects.toMatchObject(tooMany);
    await expect(logIn(right, aVisitor({ device }))).resolves.toMatchObject({ device });
    expect(world.pauses).toEqual([]);
  });

  it('has tries of its own, which end as well', async () => {
    const { logIn } = withAnn();
    const { device } = await logIn(right, aVisitor());
    for (let time = 1; time <= 10; time += 1) {
      await expect(logIn(wrong, aVisitor({ device }))).rejects.toMatchObject({ code: 'wrong_credentials' });
    }

    await expect(logIn(right, aVisitor({ device }))).rejects.toMatchObject(tooMany);
    // To the address's other accounts they were a stranger's.
    await expect(logIn(right, aVisitor())).rejects.toMatchObject(tooMany);
    await expect(logIn(right, from('203.0.113.1'))).resolves.toBeDefined();
  });

  it.each(['', 'x', 'cus_1.x.y', 'cus_1..', 'x'.repeat(5000)])('is not one that shows %j', async (forged) => {
    const { logIn } = withAnn();
    for (let time = 1; time <= 5; time += 1) await expect(logIn(wrong, aVisitor())).rejects.toThrow();

    await expect(logIn(right, aVisitor({ device: forged }))).rejects.toMatchObject(tooMany);
  });

  it('is nothing for another account', async () => {
    const { world, logIn } = withAnn();
    const eve = await world.accounts.signUp(aForm({ email: 'eve@example.test' }), aVisitor());
    for (let time = 1; time <= 5; time += 1) await expect(logIn(wrong, aVisitor())).rejects.toThrow();

    await expect(logIn(right, aVisitor({ device: eve.device }))).rejects.toMatchObject(tooMany);
  });
});

describe('a stranger with accounts of his own under the address', () => {
  /** He signs up as Ann with passwords of his own; each time his browser gets a proof of that account. */
  async function withEve() {
    const { world, id, logIn } = withAnn();
    const eves = { ...right, password: 'password of a stranger' };
    const { device } = await world.accounts.signUp(aForm({ password: eves.password }), from('198.51.100.1'));
    return { world, id, logIn, eves, eve: from('198.51.100.1', device) };
  }
  const guess = (index: number) => ({ ...right, password: `guess number ${index}` });
  const isTried = (refusal: unknown): boolean => {
    const { code } = refusal as { code: string };
    expect(['wrong_credentials', 'too_many_tries']).toContain(code);
    return code === 'wrong_credentials';
  };

  it.each([true, false])(
    'has no more than twenty tries an hour for hers, whatever he does (device: %s)',
    async (has) => {
      const { world, logIn, eves, eve } = await withEve();
      const visitor = has ? eve : from(eve.address);
      for (let quarter = 1; quarter <= 4; quarter += 1) {
        for (let index = 1; index <= 100; index += 1) {
          await logIn(guess(index), visitor).catch(() => undefined);
          await logIn(eves, visitor).catch(() => undefined);
        }
        // The right one is among what he tries now; he has no tries left for it.
        const reached: unknown = await logIn(right, visitor).catch((thrown: unknown) => thrown);
        expect(reached).toBeInstanceOf(Error);
        world.pass(15 * MINUTE - SECOND);
      }
    },
  );

  it('is told nothing about her by what his browser may do', async () => {
    const tell = async (prepare: (world: ReturnType<typeof fakeAccounts>) => unknown) => {
      const world = fakeAccounts();
      prepare(world);
      const { device } = await world.accounts.signUp(aForm({ password: 'password of a stranger' }), aVisitor());
      world.hashed.length = 0;
      const answers: unknown[] = [];
      for (let index = 1; index <= 15; index += 1) {
        answers.push(await world.accounts.logIn(guess(index), aVisitor({ device })).catch(isTried));
      }
      return { answers, work: world.hashed.length, pauses: world.pauses };
    };

    expect(await tell(() => undefined)).toEqual(await tell((world) => world.addCustomer()));
  });

  it('gets nothing back for her account by opening his own', async () => {
    const { world, logIn, eves, eve } = await withEve();
    let tried = 0;
    for (let index = 1; index <= 200; index += 1) {
      if (isTried(await logIn(guess(index), from(eve.address)).catch((thrown: unknown) => thrown))) tried += 1;
      await logIn(eves, eve);
    }
    expect(tried).toBe(5);
    world.pauses.length = 0;
    for (let index = 1; index <= 9; index += 1) {
      await logIn(guess(index), from(`203.0.113.${index}`)).catch(() => undefined);
      await logIn(eves, from(`192.0.2.${index}`));
    }
    // His own right passwords have made nothing faster.
    expect(Math.max(...world.pauses)).toBe(3 * SECOND);
  });

  it('does not keep her browser out, and she reaches both accounts if both are hers', async () => {
    const { world, id, logIn, eves, eve } = await withEve();
    const { device } = await logIn(right, aVisitor());
    for (let index = 1; index <= 50; index += 1) await logIn(guess(index), eve).catch(() => undefined);

    const { token } = await logIn(right, from(eve.address, device));
    expect(await world.accounts.findSession(token)).toMatchObject({ customerId: id });
    const other = await logIn(eves, aVisitor({ device }));
    expect((await world.accounts.findSession(other.token))?.customerId).not.toBe(id);
  });
});

describe('a browser that is signed in', () => {
  it('has one session: the old one ends as the new one begins, and stays when the log-in is refused', async () => {
    const { world, logIn } = withAnn();
    const { token } = await logIn(right, aVisitor());

    await expect(logIn({ ...wrong, token }, aVisitor())).rejects.toThrow();
    expect(await world.accounts.findSession(token)).toBeDefined();
    const second = await logIn({ ...right, token }, aVisitor());

    expect(await world.accounts.findSession(token)).toBeUndefined();
    expect(await world.accounts.findSession(second.token)).toBeDefined();
    expect(world.actions()).toEqual(['session.started', 'session.refused', 'session.ended', 'session.started']);
  });
});

describe('giving the password again', () => {
  it('makes the proof new and the token another one', async () => {
    const { world, logIn } = withAnn();
    const first = await logIn(right, aVisitor());
    world.pass(HOUR);

    const { token } = await world.accounts.proveAgain({ token: first.token, password: PASSWORD }, aVisitor());

    expect(await world.accounts.findSession(first.token)).toBeUndefined();
    expect(await world.accounts.findSession(token)).toMatchObject({ provenAt: world.now });
    expect(world.actions()).toEqual(['session.started', 'session.proven']);
  });

  it('takes the password of that account only, and counts tries', async () => {
    const { world, logIn } = withAnn();
    await world.accounts.signUp(aForm({ password: 'password of a stranger' }), from('198.51.100.1'));
    const { token } = await logIn(right, aVisitor());
    const prove = (password: string) => world.accounts.proveAgain({ token, password }, aVisitor());

    for (let time = 1; time <= 5; time += 1) {
      await expect(prove('password of a stranger')).rejects.toMatchObject({ code: 'wrong_credentials' });
    }

    await expect(prove(PASSWORD)).rejects.toMatchObject(tooMany);
    expect(await world.accounts.findSession(token)).toBeDefined();
  });

  it('is nothing for a token that is none', async () => {
    const { world } = withAnn();

    await expect(world.accounts.proveAgain({ token: 'x', password: PASSWORD }, aVisitor())).rejects.toMatchObject({
      code: 'not_signed_in',
    });
  });
});
