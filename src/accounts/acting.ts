import type { ActingSessionRepository } from '../adapters/mysql/acting-sessions.ts';
import type { CustomerRepository } from '../adapters/mysql/customers.ts';
import { AppError, InvalidFormError, NotFoundError } from '../domain/errors.ts';
import { MINUTE } from '../lib/time.ts';
import type { ActingServices } from '../web/services/acting.ts';
import type { Sessions } from './sessions.ts';

/** Long enough to see what a customer sees, too short to be forgotten. */
export const ACTING_LASTS_MS = 30 * MINUTE;
const LONGEST_REASON = 300;

export interface ActingDeps {
  readonly actingSessions: ActingSessionRepository;
  readonly customers: Pick<CustomerRepository, 'find'>;
  readonly sessions: Pick<Sessions, 'find'>;
  readonly tokens: { make(): string; digestOf(token: string): string };
  readonly now: () => Date;
}

/** See `ActingServices`. */
export function createActing({ actingSessions, customers, sessions, tokens, now }: ActingDeps): ActingServices {
  return {
    async begin({ operator, customerId, reason }, { address, requestId, userAgent }) {
      if (operator.role !== 'operator') throw new NotFoundError('customer', customerId);
      const why = reason.trim();
      if (why === '' || why.length > LONGEST_REASON) {
        throw new InvalidFormError({
          reason: `Say why, in up to ${LONGEST_REASON} letters; the customer can read it.`,
        });
      }
      const customer = await customers.find(customerId);
      if (customer === undefined) throw new NotFoundError('customer', customerId);
      if (customer.role !== 'customer') throw new AppError('not_allowed_now', 'Nobody acts as another operator.');
      const token = tokens.make();
      const at = now();
      await actingSessions.start({
        tokenHash: tokens.digestOf(token),
        customerId,
        operatorSession: operator.id,
        origin: { actor: operator.customerId, as: customerId, address, requestId },
        reason: why,
        now: at,
        expiresAt: new Date(at.getTime() + ACTING_LASTS_MS),
        userAgent,
        address,
      });
      return { token };
    },

    async end({ token, operatorToken, origin }) {
      if (token !== undefined) await actingSessions.end({ tokenHash: tokens.digestOf(token), origin, now: now() });
      const operator = operatorToken === undefined ? undefined : await sessions.find(operatorToken);
      return { isOperatorSignedIn: operator?.role === 'operator' };
    },
  };
}
