import { describe, expect, it } from 'vitest';
import { aVisitor, fakeAccounts, PASSWORD } from '../../test/fakes/fake-accounts.ts';
import type { CustomerRole } from '../domain/customer.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../lib/time.ts';

async function signedIn(role: CustomerRole = 'customer') {
  const world = fakeAccounts();
  const customer = world.addCustomer({ role });
  const logIn = () => world.accounts.logIn({ email: customer.email, password: PASSWORD, token: undefined }, aVisitor());
  const { token } = await logIn();
  return { world, customer, token, logIn, find: () => world.accounts.findSession(token) };
}

describe('a session', () => {
  it.each([
    ['customer', 12 * HOUR, 14 * DAY],
    ['operator', 30 * MINUTE, 12 * HOUR],
  ] as const)('of an %s ends when nobody was there for long, and at last in any case', async (role, idle, absolute) => {
    const idleOne = await signedIn(role);
    idleOne.world.pass(idle - 1);
    expect(await idleOne.find()).toBeDefined();
    idleOne.world.pass(idle);
    expect(await idleOne.find()).toBeUndefined();

    const busyOne = await signedIn(role);
    for (let passed = 0; passed + idle / 2 < absolute; passed += idle / 2) {
      expect(await busyOne.find()).toBeDefined();
      busyOne.world.pass(idle / 2);
    }
    busyOne.world.pass(idle / 2);
    expect(await busyOne.find()).toBeUndefined();
    expect(busyOne.world.sessions).toEqual([]);
  });

  it('is short from the moment its owner becomes an operator', async () => {
    const idleOne = await signedIn();
    idleOne.world.pass(HOUR);
    idleOne.customer.role = 'operator';
    expect(await idleOne.find()).toBeUndefined();

    const busyOne = await signedIn();
    busyOne.world.pass(11 * HOUR);
    await busyOne.find();
    busyOne.world.pass(HOUR);
    await busyOne.find();
    busyOne.customer.role = 'operator';
    expect(await busyOne.find()).toBeUndefined();
  });

  it('costs at most one write a minute', async () => {
    const { world, find } = await signedIn();
    for (let second = 0; second < 180; second += 1) {
      world.pass(SECOND);
      await find();
    }

    expect(world.noted).toBeLessThanOrEqual(3);
    expect(world.noted).toBeGreaterThanOrEqual(2);
  });

  it('is known by its token alone, which is new each time and kept nowhere', async () => {
    const { world, token, logIn } = await signedIn();
    const { token: second } = await logIn();

    expect(second).not.toBe(token);
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(JSON.stringify(world)).not.toContain(token);
    expect(await world.accounts.findSession('')).toBeUndefined();
    expect(await world.accounts.findSession(world.sessions[0]?.tokenHash ?? '')).toBeUndefined();
  });

  it('is over after logging out, once, and other browsers stay signed in', async () => {
    const { world, token, logIn, find } = await signedIn();
    const { token: other } = await logIn();

    await world.accounts.logOut(token, aVisitor());
    await world.accounts.logOut(token, aVisitor());

    expect(await find()).toBeUndefined();
    expect(await world.accounts.findSession(other)).toBeDefined();
    expect(world.actions().filter((action) => action === 'session.ended')).toHaveLength(1);
  });

  it('whose time is over goes when somebody signs in', async () => {
    const { world, logIn } = await signedIn();
    world.pass(14 * DAY);

    await logIn();

    expect(world.sessions).toHaveLength(1);
  });
});
