import type { CustomerForLogin, CustomerRepository } from '../adapters/mysql/customers.ts';
import type { SessionRepository } from '../adapters/mysql/sessions.ts';
import { normaliseEmail } from '../domain/customer.ts';
import { AppError } from '../domain/errors.ts';
import { originOfSession } from '../domain/origin.ts';
import type { SecondStepWanted, SignedIn, Visitor, WebServices } from '../web/services.ts';
import { deviceFor } from './devices.ts';
import { noteWrongPassword, type PasswordTry, type PasswordTryDeps, tryPassword } from './password-tries.ts';
import type { BeginSecondStep } from './second-step.ts';
import type { Sessions } from './sessions.ts';
import { tellOfNewDevice } from './tell-of-new-device.ts';

const LONGEST_EMAIL = 254;

export interface LogInDeps extends PasswordTryDeps {
  readonly customers: Pick<CustomerRepository, 'listForLogin' | 'findForLogin' | 'renewPasswordHash'>;
  readonly start: SessionRepository['start'];
  readonly sessions: Sessions;
  readonly beginSecondStep: BeginSecondStep;
  /** Ends in `/`. */
  readonly publicUrl: string;
}

/** Signing in, and giving the password again. The same answer, after the same work, whatever is wrong. */
export function createLogIn(deps: LogInDeps) {
  const { customers, sessions, devices } = deps;

  /** Which of the accounts the password opens. Throws `wrong_credentials`, `too_many_tries`. */
  async function prove(attempt: Omit<PasswordTry, 'at'>): Promise<CustomerForLogin> {
    const { customer, hash, succeeded } = await tryPassword(deps, { ...attempt, at: 'log-in' });
    if (customer === undefined) {
      await noteWrongPassword(deps, attempt);
      throw new AppError('wrong_credentials', 'E-mail address and password do not fit together.');
    }
    await succeeded();
    // Made with other costs or another salt than today's: the one moment when it can be made anew.
    const { id, passwordHash: was } = customer;
    if (was !== null && was !== hash) await customers.renewPasswordHash(id, { was, is: hash });
    return { ...customer, passwordHash: hash };
  }

  return {
    /** See `WebServices.accounts.logIn`. */
    async logIn(
      input: Parameters<WebServices['accounts']['logIn']>[0],
      visitor: Visitor,
    ): Promise<SignedIn | SecondStepWanted> {
      const { password } = input;
      const email = normaliseEmail(input.email).slice(0, LONGEST_EMAIL);
      const accounts = await customers.listForLogin(email);
      const account = await prove({ email, password, accounts, areAll: true, visitor });
      if (account.hasSecondFactor) return { pending: await deps.beginSecondStep(account) };
      const { id, role } = account;
      const { token, session } = sessions.prepare(role, visitor, input.token);
      await tellOfNewDevice(deps, account, visitor, (mail) => deps.start(account, { ...session, mail }));
      await sessions.removeEnded();
      return { token, device: deviceFor(devices, id, visitor) };
    },

    /** See `WebServices.accounts.proveAgain`. */
    async proveAgain(
      input: { readonly token: string; readonly password: string },
      visitor: Visitor,
    ): Promise<{ readonly token: string }> {
      const session = await sessions.find(input.token);
      const account = session && (await customers.findForLogin(session.customerId));
      if (session === undefined || account === undefined) throw notSignedIn();
      const { email, id } = account;
      if (account.hasSecondFactor) {
        throw new AppError('second_factor_required', `The password of ${id} alone is no proof.`);
      }
      await prove({ email, password: input.password, accounts: [account], areAll: false, visitor });
      const token = await sessions.renew(input.token);
      if (token === undefined) throw notSignedIn();
      const origin = originOfSession(session, visitor);
      await deps.audit.append({ ...origin, action: 'session.proven', target: id, details: {}, at: deps.now() });
      return { token };
    },
  };
}

function notSignedIn(): AppError {
  return new AppError('not_signed_in', 'There is no session under this token, or no longer.');
}
