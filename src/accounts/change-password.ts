import type { AccountChangeRepository } from '../adapters/mysql/account-changes.ts';
import { deviceInWords } from '../domain/device-name.ts';
import { momentInWords } from '../domain/moment.ts';
import { parseNewPassword } from '../domain/password.ts';
import type { SecurityServices } from '../web/services/security.ts';
import type { Visitor } from '../web/services.ts';
import { freshSessionOf } from './fresh-session.ts';
import { hashNewPassword, type NewPasswordDeps } from './hash-new-password.ts';
import type { Sessions } from './sessions.ts';

export interface ChangePasswordDeps extends NewPasswordDeps {
  readonly sessions: Pick<Sessions, 'find'>;
  readonly changes: Pick<AccountChangeRepository, 'changePassword'>;
  readonly tokens: { make(): string; digestOf(token: string): string };
  /** Ends in `/`. */
  readonly publicUrl: string;
  readonly now: () => Date;
}

/** See `SecurityServices.changePassword`. */
export function createChangePassword(deps: ChangePasswordDeps): SecurityServices['changePassword'] {
  return async (input, visitor) => {
    const { id, customerId, email } = await freshSessionOf(deps, input.token);
    const password = parseNewPassword(input.password, { email, storeName: '' });
    const passwordHash = await hashNewPassword(deps, email, password);
    const token = deps.tokens.make();
    const now = deps.now();
    await deps.changes.changePassword({
      customerId,
      passwordHash,
      session: { id, newTokenHash: deps.tokens.digestOf(token) },
      address: visitor.address,
      mail: { recipient: email, ...passwordChangedMail(deps, email, visitor) },
      now,
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
  return {
    kind: 'password-changed' as const,
    payload: {
      email,
      when: momentInWords(now()),
      where: `${deviceInWords(visitor.userAgent)}, ${visitor.address}`,
      resetUrl: new URL('forgot-password', publicUrl).href,
    },
  };
}
