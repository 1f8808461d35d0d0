import type { DeviceTokens } from '../adapters/crypto/device-tokens.ts';
import type { PasskeyChecks } from '../adapters/crypto/passkeys.ts';
import type { AuditRepository } from '../adapters/mysql/audit.ts';
import type { CustomerRepository } from '../adapters/mysql/customers.ts';
import type { PasskeyRepository, StoredPasskey } from '../adapters/mysql/passkeys.ts';
import type { SecondFactorRepository } from '../adapters/mysql/second-factors.ts';
import { AppError } from '../domain/errors.ts';
import { type Origin, originOfSession } from '../domain/origin.ts';
import type { PasskeyServices } from '../web/services/passkeys.ts';
import type { Visitor } from '../web/services.ts';
import { deviceOf, secondStepDeviceOf } from './devices.ts';
import { type RateLimits, takeOrRefuse } from './limits.ts';
import { networkOf } from './network-of.ts';
import { asRefused, createPasskeyQuestions, type PasskeyQuestionDeps } from './passkey-questions.ts';
import { readPasskeyAnswer } from './read-passkey-answer.ts';
import { newestOf } from './second-step.ts';
import type { Sessions } from './sessions.ts';
import { tellOfNewDevice } from './tell-of-new-device.ts';

export interface PasskeyProofDeps {
  readonly checks: Pick<PasskeyChecks, 'checkUse'>;
  readonly audit: Pick<AuditRepository, 'append'>;
  readonly now: () => Date;
}

export interface PasskeyLogInDeps extends PasskeyProofDeps, PasskeyQuestionDeps {
  readonly checks: Pick<PasskeyChecks, 'askForUse' | 'checkUse'>;
  readonly passkeys: Pick<PasskeyRepository, 'findByCredential'>;
  readonly customers: Pick<CustomerRepository, 'findForLogin'>;
  readonly factors: Pick<SecondFactorRepository, 'summary' | 'signIn'>;
  readonly devices: DeviceTokens;
  readonly limits: RateLimits;
  readonly sessions: Sessions;
  /** Ends in `/`. */
  readonly publicUrl: string;
}

const PURPOSE = 'passkey-sign-in';

/** Signing in with a passkey and nothing else. See `PasskeyServices`. */
export function createPasskeyLogIn(
  deps: PasskeyLogInDeps,
): Pick<PasskeyServices, 'askForPasskey' | 'logInWithPasskey'> {
  const { passkeys, customers, factors, devices, sessions, now } = deps;
  const questions = createPasskeyQuestions(deps);

  /** The account that the passkey opens, and the passkey; the same refusal for one that nobody has. */
  async function ownerOf(credentialId: string) {
    const passkey = await passkeys.findByCredential(credentialId);
    const account = passkey && (await customers.findForLogin(passkey.customerId));
    return passkey === undefined || account === undefined ? undefined : { passkey, account };
  }

  return {
    async askForPasskey({ address }) {
      await takeOrRefuse(deps.limits, 'passkey-questions-from-address', networkOf(address), 'questions to passkeys');
      const question = await questions.make({ purpose: PURPOSE });
      return { question, options: await deps.checks.askForUse({ challenge: question, known: [] }) };
    },

    async logInWithPasskey({ question, answer: text, token: old }, visitor) {
      await questions.useUp(question, { purpose: PURPOSE });
      const answer = readPasskeyAnswer(text);
      const found = await ownerOf(answer.id);
      const succeeded = await countTry(deps, found?.account.id, visitor);
      if (found === undefined) throw new AppError('passkey_refused', 'Nobody has a passkey of that name.');
      const { account, passkey } = found;
      // It is looked up by nothing that was typed: only what it says itself leads to the account.
      if (answer.response.userHandle === undefined) throw new AppError('passkey_refused', 'It names no account.');
      const { id: customerId, role } = account;
      const origin = originOfSession({ customerId }, visitor);
      const isKnown =
        secondStepDeviceOf(devices, customerId, newestOf(await factors.summary(customerId)), visitor) !== undefined;
      const { token, session } = sessions.prepare(role, visitor, old);
      await proveByPasskey(deps, { passkey, question, answer, origin }, (use) =>
        tellOfNewDevice(deps, account, visitor, (mail) =>
          factors.signIn({ account, use, origin, session: { ...session, mail }, pendingHash: undefined, now: now() }),
        ),
      ).catch(asRefused);
      await succeeded();
      await sessions.removeEnded();
      const isKept = isKnown && visitor.device !== undefined;
      return { token, device: isKept ? visitor.device : devices.make(customerId, { secondStepAt: now() }) };
    },
  };
}

/** Runs `use` with what the answer uses up. One that is refused leaves a line for the passkey's owner. */
export async function proveByPasskey<T>(
  { checks, audit, now }: PasskeyProofDeps,
  proof: {
    readonly passkey: StoredPasskey;
    readonly question: string;
    readonly answer: Parameters<PasskeyChecks['checkUse']>[1];
    readonly origin: Origin;
  },
  use: (use: { kind: 'passkey'; id: string; counter: number; newCounter: number }) => Promise<T>,
): Promise<T> {
  const { passkey, origin } = proof;
  const { id, customerId, counter } = passkey;
  try {
    const newCounter = await checks.checkUse(proof.question, proof.answer, passkey);
    return await use({ kind: 'passkey', id, counter, newCounter });
  } catch (refusal) {
    if (refusal instanceof AppError && refusal.code === 'passkey_refused') {
      const line = { ...origin, action: 'passkey.refused', target: customerId, result: 'refused' } as const;
      await audit.append({ ...line, details: { passkey: id }, at: now() });
    }
    throw refusal;
  }
}

/**
 * Throws `TooManyTriesError`. Tries are shared with those of passwords: a browser of the account's owner has its own, all
 * others those of their network. Returns what makes this one not count.
 */
async function countTry(
  { limits, devices }: Pick<PasskeyLogInDeps, 'limits' | 'devices'>,
  customerId: string | undefined,
  visitor: Visitor,
): Promise<() => Promise<void>> {
  const device = customerId === undefined ? undefined : deviceOf(devices, [{ id: customerId }], visitor);
  if (device !== undefined) {
    const key = `${device.customerId} ${device.nonce}`;
    await takeOrRefuse(limits, 'log-ins-by-device', key, 'log-ins from one browser');
    return () => limits.clear('log-ins-by-device', key);
  }
  const network = networkOf(visitor.address);
  await takeOrRefuse(limits, 'log-ins-from-address', network, 'log-ins from address');
  return () => limits.giveBack('log-ins-from-address', network);
}
