import type { DeviceTokens } from '../adapters/crypto/device-tokens.ts';
import type { PasswordHasher } from '../adapters/crypto/hash-password.ts';
import type { AuditRepository } from '../adapters/mysql/audit.ts';
import type { CustomerForLogin, CustomerRepository } from '../adapters/mysql/customers.ts';
import type { SessionRepository } from '../adapters/mysql/sessions.ts';
import { normaliseEmail } from '../domain/customer.ts';
import { AppError } from '../domain/errors.ts';
import { normalisePassword } from '../domain/password.ts';
import type { SignedIn, Visitor } from '../web/services.ts';
import { deviceFor, deviceOf } from './devices.ts';
import type { RateLimits } from './limits.ts';
import { matchPassword } from './match-password.ts';
import { beginPasswordTry } from './password-tries.ts';
import type { Sessions } from './sessions.ts';

const LONGEST_EMAIL = 254;

export interface LogInDeps {
  readonly customers: Pick<CustomerRepository, 'listForLogin' | 'findForLogin' | 'setPasswordHash'>;
  readonly start: SessionRepository['start'];
  readonly sessions: Sessions;
  readonly hasher: Pick<PasswordHasher, 'saltOf' | 'todaysRecipe' | 'recipeOf' | 'hash'>;
  readonly devices: DeviceTokens;
  readonly limits: RateLimits;
  readonly audit: Pick<AuditRepository, 'append'>;
  readonly pause: (ms: number) => Promise<void>;
  readonly now: () => Date;
}

/** Signing in, and giving the password again. The same answer, after the same work, whatever is wrong. */
export function createLogIn(deps: LogInDeps) {
  const { customers, sessions, devices } = deps;

  /** Which of the accounts the password opens. Throws `wrong_credentials`, `too_many_tries`. */
  async function prove(
    { email, password }: { email: string; password: string },
    accounts: readonly CustomerForLogin[],
    visitor: Visitor,
  ): Promise<CustomerForLogin> {
    const device = deviceOf(devices, accounts, visitor);
    const attempt = await beginPasswordTry(deps, { email, visitor, device });
    const typed = normalisePassword(password);
    const match = typed === undefined ? undefined : await matchPassword(deps.hasher, email, accounts, typed);
    if (match?.customer === undefined) {
      await deps.audit.append({
        actor: 'visitor',
        action: 'session.refused',
        target: email,
        details: { address: visitor.address },
        at: deps.now(),
      });
      throw new AppError('wrong_credentials', 'E-mail address and password do not fit together.');
    }
    await attempt.succeeded();
    // Made with other costs or another salt than today's: the one moment when it can be made anew.
    if (match.customer.passwordHash !== match.hash) await customers.setPasswordHash(match.customer.id, match.hash);
    return match.customer;
  }

  return {
    /** See `WebServices.accounts.logIn`. */
    async logIn(input: { readonly email: string; readonly password: string }, visitor: Visitor): Promise<SignedIn> {
      const email = normaliseEmail(input.email).slice(0, LONGEST_EMAIL);
      const accounts = await customers.listForLogin(email);
      const { id, role } = await prove({ email, password: input.password }, accounts, visitor);
      const { token, session } = sessions.prepare(role, visitor);
      await deps.start(id, session);
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
      if (account === undefined) throw notSignedIn();
      const { email, id } = account;
      await prove({ email, password: input.password }, [account], visitor);
      const token = await sessions.renew(input.token);
      if (token === undefined) throw notSignedIn();
      const details = { address: visitor.address };
      await deps.audit.append({ actor: id, action: 'session.proven', target: id, details, at: deps.now() });
      return { token };
    },
  };
}

function notSignedIn(): AppError {
  return new AppError('not_signed_in', 'There is no session under this token, or no longer.');
}
