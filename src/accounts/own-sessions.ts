import type { SessionRepository } from '../adapters/mysql/sessions.ts';
import { deviceInWords } from '../domain/device-name.ts';
import { NotFoundError } from '../domain/errors.ts';
import { originOfSession } from '../domain/origin.ts';
import type { SecurityServices } from '../web/services/security.ts';
import { sessionOf } from './fresh-session.ts';
import type { Sessions } from './sessions.ts';

/** What an owner reads of a session in which an operator acts as them. */
export const OPERATORS_DEVICE = 'An operator, in your place';

export interface OwnSessionsDeps {
  readonly sessions: Pick<Sessions, 'find'>;
  readonly repository: Pick<SessionRepository, 'listOf' | 'endOf'>;
  readonly now: () => Date;
}

/** Where somebody is signed in, and the end of it. See `SecurityServices`. */
export function createOwnSessions(
  deps: OwnSessionsDeps,
): Pick<SecurityServices, 'listSessions' | 'endSession' | 'endOtherSessions'> {
  const { repository, now } = deps;
  return {
    async listSessions(token) {
      const own = await sessionOf(deps, token);
      const sessions = await repository.listOf(own.customerId);
      return sessions.map(({ id, userAgent, address, createdAt, seenAt, isOperators }) => ({
        id,
        device: isOperators ? OPERATORS_DEVICE : deviceInWords(userAgent),
        address: isOperators ? null : address,
        signedInAt: createdAt.toISOString(),
        lastUsedAt: seenAt.toISOString(),
        isThis: id === own.id,
      }));
    },

    async endSession({ token, id }, visitor) {
      const own = await sessionOf(deps, token);
      const ended = await repository.endOf({
        ...originOfSession(own, visitor),
        customerId: own.customerId,
        which: { id },
        now: now(),
      });
      if (ended === 0) throw new NotFoundError('session', id);
    },

    async endOtherSessions(token, visitor) {
      const own = await sessionOf(deps, token);
      return repository.endOf({
        ...originOfSession(own, visitor),
        customerId: own.customerId,
        which: { except: own.id },
        now: now(),
      });
    },
  };
}
