import { AppError } from '../../domain/errors.ts';
import { newId } from '../../lib/new-id.ts';
import type { MailContent } from '../../mail/mail-kinds.ts';
import { appendAudit } from './audit.ts';
import { setPasswordHash } from './customers.ts';
import { revokeOneTimeTokens } from './one-time-tokens.ts';
import type { Database } from './open-database.ts';
import { insertMail } from './outbox.ts';
import { endSessionsOf } from './sessions.ts';
import { inTransaction, type Queries } from './transactions.ts';

export type AccountChangeRepository = ReturnType<typeof createAccountChangeRepository>;

/** Who changes what of their own account, and from where. */
export interface AccountChange {
  readonly customerId: string;
  readonly address: string;
  readonly now: Date;
}

/** The session in which the owner does it; it goes on under another token. */
export interface KeptSession {
  readonly id: string;
  readonly newTokenHash: string;
}

/** A mail to the account's owner that goes out if the change holds. */
export type OwnersMail = MailContent & { readonly recipient: string };

/** What somebody changes of their own account: each with all that follows from it, in one transaction. */
export function createAccountChangeRepository(db: Database) {
  return {
    /** Every other session ends, links that would set a password too. Throws `not_signed_in` when the session has ended. */
    changePassword: (
      change: AccountChange & {
        readonly passwordHash: string;
        readonly session: KeptSession;
        readonly mail: OwnersMail;
      },
    ): Promise<void> =>
      inTransaction(db, async (tx) => {
        const { customerId, session, now } = change;
        await setPasswordHash(tx, customerId, change.passwordHash);
        await goOnUnder(tx, customerId, session);
        const ended = await endSessionsOf(tx, customerId, { except: session.id });
        await revokeOneTimeTokens(tx, customerId, 'reset-password');
        const details = { address: change.address, endedSessions: ended };
        await appendAudit(tx, {
          actor: customerId,
          action: 'account.password_changed',
          target: customerId,
          details,
          at: now,
        });
        await tellOwner(tx, change.mail, now);
      }),
  };
}

async function goOnUnder(tx: Queries, customerId: string, { id, newTokenHash }: KeptSession): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('sessions')
    .set({ token_hash: newTokenHash })
    .where('id', '=', id)
    .where('customer_id', '=', customerId)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new AppError('not_signed_in', 'The session has ended meanwhile.');
}

async function tellOwner(tx: Queries, { recipient, kind, payload }: OwnersMail, now: Date): Promise<void> {
  await insertMail(tx, { uniqueKey: `${kind}:${newId('msg')}`, storeId: null, recipient, kind, payload, now });
}
