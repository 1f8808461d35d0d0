import type { DeviceTokens } from '../adapters/crypto/device-tokens.ts';
import type { CustomerForLogin, CustomerRepository } from '../adapters/mysql/customers.ts';
import type { OneTimeTokenRepository } from '../adapters/mysql/one-time-tokens.ts';
import type { SecondFactorRepository } from '../adapters/mysql/second-factors.ts';
import { AppError } from '../domain/errors.ts';
import { originOfSession } from '../domain/origin.ts';
import type { SecondFactors } from '../domain/second-factor.ts';
import { MINUTE } from '../lib/time.ts';
import type { SecondFactorServices } from '../web/services/second-factors.ts';
import type { Visitor } from '../web/services.ts';
import { secondStepDeviceOf } from './devices.ts';
import { type FactorMailDeps, recoveryCodeUsedMail } from './factor-mails.ts';
import { type BucketName, type RateLimits, takeOrRefuse } from './limits.ts';
import { type CodeDeps, proveByCode } from './prove-by-code.ts';
import type { Sessions } from './sessions.ts';
import { tellOfNewDevice } from './tell-of-new-device.ts';

/** For so long a right password waits for the second factor. */
const PENDING_MS = 10 * MINUTE;
const PURPOSE = 'second-step';

export interface SecondStepDeps extends CodeDeps, FactorMailDeps {
  readonly customers: Pick<CustomerRepository, 'findForLogin'>;
  readonly oneTime: Pick<OneTimeTokenRepository, 'issue' | 'find'>;
  readonly factors: Pick<SecondFactorRepository, 'findTotp' | 'summary' | 'signIn'>;
  readonly tokens: { make(): string; digestOf(token: string): string };
  readonly devices: DeviceTokens;
  readonly limits: RateLimits;
  readonly sessions: Sessions;
}

export type BeginSecondStep = (customer: Pick<CustomerForLogin, 'id' | 'passwordHash'>) => Promise<string>;

/**
 * Remembers that the account's password was right, and gives the token with which its log-in goes on; no session is made.
 * It is worth nothing as soon as the account has another password.
 */
export function createBeginSecondStep({
  oneTime,
  tokens,
  now,
}: {
  readonly oneTime: Pick<OneTimeTokenRepository, 'issue'>;
  readonly tokens: SecondStepDeps['tokens'];
  readonly now: () => Date;
}): BeginSecondStep {
  return async ({ id, passwordHash }) => {
    const token = tokens.make();
    const tokenHash = tokens.digestOf(token);
    await oneTime.issue({
      tokenHash,
      purpose: PURPOSE,
      // Its own: somebody who knows the password cannot end the log-in of the account's owner by beginning others.
      subject: tokenHash,
      facts: { customerId: id, password: tokens.digestOf(passwordHash ?? '') },
      now: now(),
      expiresAt: new Date(now().getTime() + PENDING_MS),
    });
    return token;
  };
}

/** The second step of a log-in. See `SecondFactorServices`. */
export function createSecondStep(deps: SecondStepDeps): Pick<SecondFactorServices, 'findSecondStep' | 'finishLogIn'> {
  const { tokens, factors, devices, sessions, now } = deps;

  /** Whose log-in it is. Throws `link_invalid`. */
  async function accountOf(pending: string): Promise<CustomerForLogin> {
    const found = await deps.oneTime.find({ tokenHash: tokens.digestOf(pending), purpose: PURPOSE, now: now() });
    const account = found && (await deps.customers.findForLogin(found.facts['customerId'] ?? ''));
    if (account === undefined || tokens.digestOf(account.passwordHash ?? '') !== found?.facts['password']) {
      throw new AppError('link_invalid', 'There is no log-in that waits for a second factor under this token.');
    }
    return account;
  }

  return {
    async findSecondStep(pending) {
      const { id, email } = await accountOf(pending);
      const { totpSince, passkeys } = await factors.summary(id);
      return { email, hasTotp: totpSince !== null, hasPasskey: passkeys.length > 0 };
    },

    async finishLogIn({ pending, code, token: old }, visitor) {
      const account = await accountOf(pending);
      const { id: customerId, email, role } = account;
      const pendingHash = tokens.digestOf(pending);
      const { isKnown, countsNot } = await countTry(deps, account, pendingHash, visitor);
      const origin = originOfSession({ customerId }, visitor);
      const { token, session } = sessions.prepare(role, visitor, old);
      await proveByCode(deps, { customerId, typed: code, origin }, (use) =>
        tellOfNewDevice(deps, account, visitor, (mail) =>
          factors.signIn({
            account,
            use,
            origin,
            session: { ...session, mail },
            pendingHash,
            mailOf: (left) => recoveryCodeUsedMail(deps, email, { left, visitor }),
            now: now(),
          }),
        ),
      );
      await countsNot();
      await sessions.removeEnded();
      const isKept = isKnown && visitor.device !== undefined;
      return { token, device: isKept ? visitor.device : devices.make(customerId, { secondStepAt: now() }) };
    },
  };
}

/**
 * Throws `TooManyTriesError`. Whoever gets here knows the password, and so may have any number of browsers that it let in
 * before there was a second factor. Only one in which the account's factors of today were proven has its own tries;
 * strangers share a hundred a day for one password, which keeps them from guessing six digits.
 */
async function countTry(
  { limits, devices, factors, tokens }: Pick<SecondStepDeps, 'limits' | 'devices' | 'factors' | 'tokens'>,
  { id, passwordHash }: CustomerForLogin,
  pendingHash: string,
  visitor: Visitor,
): Promise<{ isKnown: boolean; countsNot: () => Promise<void> }> {
  await takeOrRefuse(limits, 'codes-of-log-in', pendingHash, 'codes for one log-in');
  const device = secondStepDeviceOf(devices, id, newestOf(await factors.summary(id)), visitor);
  const [bucket, key]: readonly [BucketName, string] =
    device === undefined
      ? ['codes-of-strangers', `${id} ${tokens.digestOf(passwordHash ?? '')}`]
      : ['codes-by-device', `${id} ${device.nonce}`];
  await takeOrRefuse(limits, bucket, key, bucket.replaceAll('-', ' '));
  return { isKnown: device !== undefined, countsNot: () => limits.giveBack(bucket, key) };
}

/** When the account has got the last of the factors that it has now. */
export function newestOf({ totpSince, passkeys }: SecondFactors): Date {
  const moments = [...passkeys.map(({ createdAt }) => createdAt), ...(totpSince === null ? [] : [totpSince])];
  return new Date(Math.max(0, ...moments.map((moment) => moment.getTime())));
}
