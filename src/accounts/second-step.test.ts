import { describe, expect, it } from 'vitest';
import { aVisitor, fakeAccounts } from '../../test/fakes/fake-accounts.ts';
import { createDeviceTokens } from '../adapters/crypto/device-tokens.ts';
import { DAY } from '../lib/time.ts';
import { createSecondStep, type SecondStepDeps } from './second-step.ts';
import { createSessions } from './sessions.ts';

const RIGHT = '123456';
const WRONG = '000000';

/** Ann's account with an app, set up now; the log-in `n` is the one under the token `pending-n`. */
function withApp() {
  const world = fakeAccounts();
  const ann = world.addCustomer({ hasSecondFactor: true });
  const { digestOf } = world.deps.tokens;
  const devices = createDeviceTokens(new Uint8Array(32));
  const appSince = world.now;
  const deps: SecondStepDeps = {
    ...world.deps,
    customers: { findForLogin: async () => ann },
    oneTime: {
      issue: async () => undefined,
      find: async () => ({
        subject: 'any',
        facts: { customerId: ann.id, password: digestOf(ann.passwordHash ?? '') },
      }),
    },
    factors: {
      findTotp: async () => 'sealed',
      summary: async () => ({ totpSince: appSince, passkeys: [], recoveryCodesLeft: 10 }),
      signIn: async () => 'ses_1',
    },
    sealer: { seal: async () => ({ keyId: 'k', text: 'sealed' }), open: async () => 'secret' },
    totp: { stepOfCode: (_, typed) => (typed === RIGHT ? 1 : undefined) },
    recoveryCodes: { digestOf: (_, typed) => typed },
    devices,
    sessions: createSessions(world.deps),
    publicUrl: 'https://panel.test/',
  };
  const { finishLogIn } = createSecondStep(deps);
  let logIns = 0;
  const finish = (code: string, device?: string) => {
    logIns += 1;
    return finishLogIn({ pending: `pending-${logIns}`, code, token: undefined }, aVisitor({ device }));
  };
  /** How many of so many wrong codes were looked at, each in a log-in of its own. */
  const guess = async (times: number, deviceOf: (time: number) => string | undefined) => {
    const codes: string[] = [];
    for (let time = 1; time <= times; time += 1) {
      codes.push(await finish(WRONG, deviceOf(time)).then(String, (refusal: { code: string }) => refusal.code));
    }
    return codes.filter((code) => code === 'wrong_code').length;
  };
  return { world, ann, devices, finish, guess };
}

describe('guessing the second factor', () => {
  it('ends after a hundred a day, however many browsers the password let in before', async () => {
    const { ann, devices, guess } = withApp();

    expect(await guess(300, () => devices.make(ann.id))).toBe(100);
  });

  it('has no more tries by browsers in which another factor was proven, before this one was there', async () => {
    const { world, ann, devices, guess } = withApp();
    const before = new Date(world.now.getTime() - DAY);

    expect(await guess(300, () => devices.make(ann.id, { secondStepAt: before }))).toBe(100);
  });

  it('leaves the owner a browser in which the factor was proven, and that one ten tries', async () => {
    const { finish, guess } = withApp();
    const { device } = await finish(RIGHT, undefined);
    await guess(300, () => undefined);

    await expect(finish(RIGHT, device)).resolves.toMatchObject({ device });
    expect(await guess(20, () => device)).toBe(10);
  });

  it('gives a browser that the password alone let in a proof that counts, once its code was right', async () => {
    const { ann, devices, finish, world } = withApp();
    const old = devices.make(ann.id);
    const { device } = await finish(RIGHT, old);

    expect(devices.read(device)?.secondStepAt).toEqual(world.now);
  });

  it('begins anew with another password, which the strangers do not know', async () => {
    const { ann, finish, guess } = withApp();
    await guess(101, () => undefined);
    await expect(finish(RIGHT)).rejects.toMatchObject({ code: 'too_many_tries' });

    ann.passwordHash = 'the hash of another password';

    await expect(finish(RIGHT)).resolves.toBeDefined();
  });
});
