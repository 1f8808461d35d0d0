import type { AccountLockRepository } from '../adapters/mysql/account-locks.ts';
import { parseLockReason } from '../domain/account-lock.ts';
import { AppError } from '../domain/errors.ts';
import type { DeskServices } from '../web/services/desk.ts';

export interface AccountLockDeps {
  readonly accountLocks: AccountLockRepository;
  readonly now: () => Date;
}

/** See `DeskServices`: whom operators let in no more, and again. */
export function createAccountLocks({ accountLocks, now }: AccountLockDeps): Pick<DeskServices, 'lock' | 'unlock'> {
  return {
    async lock(origin, customerId, text) {
      const reason = parseLockReason(text);
      // It would end the very session it is asked in.
      if (origin.actor === customerId) throw new AppError('not_allowed_now', 'Nobody locks their own account.');
      await accountLocks.lock({ customerId, reason, origin, now: now() });
    },
    unlock: async (origin, customerId, text) =>
      accountLocks.unlock({ customerId, reason: parseLockReason(text), origin, now: now() }),
  };
}
