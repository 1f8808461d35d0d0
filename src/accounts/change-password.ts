import type { AccountChangeRepository } from '../adapters/mysql/account-changes.ts';
import { deviceInWords } from '../domain/device-name.ts';
import { momentInWords } from '../domain/moment.ts';
import { originOfSession } from '../domain/origin.ts';
import type { SecurityServices } from '../web/services/security.ts';
import type { Visitor } from '../web/services.ts';
import { freshSessionOf } from './fresh-session.ts';
import { hashNewPassword, type NewPasswordDeps } from './hash-new-password.ts';
import { acceptNewPassword, type JudgePassword } from './password-strength.ts';
import type { Sessions } from './sessions.ts';

export interface ChangePasswordDeps extends NewPasswordDeps {
  readonly sessions: Pick<Sessions, 'find'>;
  readonly changes: Pick<AccountChangeRepository, 'changePassword'>;
  readonly judge: JudgePassword;
  readonly tokens: { make(): string; digestOf(token: string): string };
  /** Ends in `/`. */
  readonly publicUrl: string;
  readonly now: () => Date;
}

/** See `SecurityServices.changePassword`. */
export function createChangePassword(deps: ChangePasswordDeps): SecurityServices['changePassword'] {
  return async (input, visitor) => {
    const session = await freshSessionOf(deps, input.token);
    const { id: sessionId, customerId, email } = session;
    const password = await acceptNewPassword(deps.judge, input.password, { email, storeName: '' });
    const passwordHash = await hashNewPassword(deps, email, password);
    const token = deps.tokens.make();
    await deps.changes.changePassword({
      customerId,
      sessionId,
      passwordHash,
      newTokenHash: deps.tokens.digestOf(token),
      origin: originOfSession(session, visitor),
      mail: passwordChangedMail(deps, email, visitor),
      now: deps.now(),
    });
    return { token };
  };
}

/** What the owner reads, whoever did it. */
export function passwordChangedMail(
  { publicUrl, now }: Pick<ChangePasswordDeps, 'publicUrl' | 'now'>,
  email: string,
  visitor: Visitor,
) {
  const resetUrl = new URL('forgot-password', publicUrl).href;
  const payload = { email, when: momentInWords(now()), where: placeInWords(visitor), resetUrl };
  return { recipient: email, kind: 'password-changed', payload };
}

/** `Firefox on Windows, 203.0.113.7`: who somebody on the other side may be. */
export function placeInWords({ userAgent, address }: Pick<Visitor, 'userAgent' | 'address'>): string {
  return `${deviceInWords(userAgent)}, ${address}`;
}
