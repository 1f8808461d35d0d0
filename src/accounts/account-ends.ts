import type { AccountEndRepository } from '../adapters/mysql/account-ends.ts';
import { ACCOUNT_GRACE_DAYS } from '../domain/changes.ts';
import { normaliseEmail } from '../domain/customer.ts';
import { AppError, InvalidInputError } from '../domain/errors.ts';
import { momentInWords } from '../domain/moment.ts';
import { originOfSession, SYSTEM } from '../domain/origin.ts';
import { DAY } from '../lib/time.ts';
import type { AccountDataServices } from '../web/services/account-data.ts';
import { freshSessionOf, sessionOf } from './fresh-session.ts';
import type { Sessions } from './sessions.ts';

/** How long an owner has to think better of it. */
const GRACE_MS = ACCOUNT_GRACE_DAYS * DAY;

export interface AccountEndDeps {
  readonly sessions: Pick<Sessions, 'find'>;
  readonly ends: Pick<AccountEndRepository, 'schedule' | 'undo'>;
  readonly ring: (runId: string) => Promise<unknown>;
  /** Ends in `/`. */
  readonly publicUrl: string;
  readonly now: () => Date;
}

/** The end of an account, on its owner's wish. See `AccountDataServices`. */
export function createAccountEnds(deps: AccountEndDeps): Pick<AccountDataServices, 'scheduleDeletion' | 'keepAccount'> {
  const { ends, publicUrl, now } = deps;
  const ringFor = (runIds: readonly string[]) => Promise.all(runIds.map(deps.ring));
  return {
    async scheduleDeletion({ token, email: typed }, visitor) {
      const session = await freshSessionOf(deps, token);
      const { customerId, email, role } = session;
      if (role === 'operator') throw new AppError('not_allowed_now', 'Operators are removed by operators.');
      if (normaliseEmail(typed) !== email) {
        throw new InvalidInputError('email', 'Type the e-mail address of this account, so that it is sure.');
      }
      const deletionAt = new Date(now().getTime() + GRACE_MS);
      const loginUrl = new URL('login', publicUrl).href;
      const payload = { email, dueDate: momentInWords(deletionAt), loginUrl };
      const mail = { recipient: email, kind: 'account-deletion-scheduled', payload };
      const origin = originOfSession(session, visitor);
      await ringFor(await ends.schedule({ ...origin, customerId, deletionAt, mail, now: now() }));
      return { deletionAt: deletionAt.toISOString() };
    },

    async keepAccount(token, visitor) {
      const session = await sessionOf(deps, token);
      const { customerId, email } = session;
      const mail = {
        recipient: email,
        kind: 'account-kept',
        payload: { email, dashboardUrl: new URL('dashboard', publicUrl).href },
      };
      await ringFor(await ends.undo({ ...originOfSession(session, visitor), customerId, mail, now: now() }));
    },
  };
}

export interface AccountRemovalDeps {
  readonly ends: Pick<AccountEndRepository, 'closeLateStores' | 'due' | 'remove'>;
  /** Asks for the store to be taken down at once; nothing new happens when that is under way. Returns the run. */
  readonly tearDown: (request: { id: string; actor: string; now: Date }) => Promise<string>;
  readonly ring: (runId: string) => Promise<unknown>;
  readonly now: () => Date;
}

/**
 * One look at the accounts that are to go: stores that were being made then close. Where the grace is over, their stores are taken down, and once none is left the account goes. What
 * cannot go yet is tried again at the next look.
 */
export function createAccountRemoval({ ends, tearDown, ring, now }: AccountRemovalDeps): () => Promise<void> {
  return async () => {
    for (const runId of await ends.closeLateStores(now())) await ring(runId);
    for (const { customerId, storeIds } of await ends.due(now())) {
      for (const id of storeIds) await ring(await tearDown({ ...SYSTEM, id, now: now() }));
      if (storeIds.length === 0) await ends.remove(customerId, now());
    }
  };
}
