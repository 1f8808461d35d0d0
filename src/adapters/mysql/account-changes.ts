import { AppError } from '../../domain/errors.ts';
import type { Origin } from '../../domain/origin.ts';
import { newId } from '../../lib/new-id.ts';
import { revokeTokensOf } from './api-tokens.ts';
import { appendAudit } from './audit.ts';
import { setPasswordHash } from './customers.ts';
import { duplicateKeyOf } from './database-errors.ts';
import { revokeLinksOf, useOneTimeToken } from './one-time-tokens.ts';
import type { Database } from './open-database.ts';
import { insertMail } from './outbox.ts';
import { removeAddedFactor, removeFactors, removeFactorsSince } from './remove-factors.ts';
import { endSessionsOf, requireSession } from './sessions.ts';
import { removeWebhooks, takeBackWebhooks } from './take-back-webhooks.ts';
import { inTransaction, type Queries } from './transactions.ts';

export type AccountChangeRepository = ReturnType<typeof createAccountChangeRepository>;

/** From where something is changed, and when. */
interface Change {
  readonly origin: Origin;
  readonly now: Date;
}

/** In a session of the account. */
interface OwnChange extends Change {
  readonly customerId: string;
  readonly sessionId: string;
}

/** A mail about the change, which goes out if the change holds. */
export interface TellingMail {
  readonly recipient: string;
  readonly kind: string;
  readonly payload: unknown;
}

export interface EmailChange {
  readonly from: string;
  readonly to: string;
  /** Was the old one the account's for good? */
  readonly wasVerified: boolean;
}

/** What somebody changes of an account: each with all that follows from it, in one transaction. */
export function createAccountChangeRepository(db: Database) {
  return {
    /**
     * The session goes on under another token, every other one ends, and so do links that would set a password. Throws
     * `not_signed_in` when the session has ended meanwhile.
     */
    changePassword: (
      change: OwnChange & { readonly passwordHash: string; readonly newTokenHash: string; readonly mail: TellingMail },
    ): Promise<void> =>
      inTransaction(db, async (tx) => {
        const { customerId, sessionId } = change;
        await setPasswordHash(tx, customerId, change.passwordHash);
        await goOnUnder(tx, change);
        const endedSessions = await endSessionsOf(tx, customerId, { except: sessionId });
        const revokedTokens = await revokeTokensOf(tx, customerId);
        await noteAbout(tx, 'account.password_changed', customerId, change, { endedSessions, revokedTokens });
        await tell(tx, change.mail, change.now);
      }),

    /**
     * The address that a link was mailed to is the account's from now on, for good. When it had another one before, every
     * other session ends, and `mailsOf` it go out. Throws `link_invalid` (also for another account's link), `email_held`,
     * `not_signed_in` when the session has ended meanwhile.
     */
    confirmEmail: (
      change: OwnChange & { readonly tokenHash: string; readonly mailsOf: (change: EmailChange) => TellingMail[] },
    ): Promise<EmailChange> =>
      inTransaction(db, async (tx) => {
        const { customerId, now } = change;
        const { subject, facts } = await useOneTimeToken(tx, { ...change, purpose: 'verify-email' });
        if (subject !== customerId) throw new AppError('link_invalid', 'The link belongs to another account.');
        const before = await lockAccount(tx, customerId);
        await requireSession(tx, change);
        const to = facts['email'] ?? before.email;
        const result = { from: before.email, to, wasVerified: before.claimed_email !== null };
        await claim(tx, customerId, to);
        if (result.from === to) {
          await noteAbout(tx, 'account.email_verified', customerId, change, { email: to });
          return result;
        }
        const endedSessions = await endSessionsOf(tx, customerId, { except: change.sessionId });
        const revokedTokens = await revokeTokensOf(tx, customerId);
        await revokeLinksOf(tx, customerId);
        await noteAbout(tx, 'account.email_changed', customerId, change, {
          from: result.from,
          to,
          endedSessions,
          revokedTokens,
        });
        for (const mail of change.mailsOf(result)) await tell(tx, mail, now);
        return result;
      }),

    /**
     * The owner of the address that an account had before takes it back: everybody is signed out, and what the account asks
     * for besides its password since then goes, webhooks too; older webhooks are off. An operator's factor stays: a mail alone never opens the desk
     * (docs/decisions/028). Throws `link_invalid`, `email_held`.
     */
    restoreEmail: (change: Change & { readonly tokenHash: string }): Promise<void> =>
      inTransaction(db, async (tx) => {
        const { subject, facts, since } = await useOneTimeToken(tx, { ...change, purpose: 'restore-email' });
        const { email, role } = await lockAccount(tx, subject);
        const to = facts['email'] ?? email;
        await claim(tx, subject, to);
        const endedSessions = await endSessionsOf(tx, subject);
        const revokedTokens = await revokeTokensOf(tx, subject);
        await revokeLinksOf(tx, subject, { waysBackSince: since ?? change.now });
        const mayRemove = since !== undefined && role !== 'operator';
        const removedFactors = mayRemove && (await removeFactorsSince(tx, subject, since));
        const webhooks = await takeBackWebhooks(tx, subject, { since });
        await noteAbout(tx, 'account.email_restored', subject, change, {
          from: email,
          to,
          endedSessions,
          revokedTokens,
          removedFactors,
          ...webhooks,
        });
      }),

    /**
     * A factor that its owner has not added goes, with the recovery codes made then or later, everybody is signed out, and webhooks are as after `restoreEmail`;
     * also where somebody has removed it meanwhile. Throws `link_invalid`, and for an operator's (docs/decisions/028).
     */
    disownFactor: (
      change: Change & {
        readonly tokenHash: string;
        readonly mailOf: (facts: { readonly email: string; readonly words: string }) => TellingMail;
      },
    ): Promise<void> =>
      inTransaction(db, async (tx) => {
        const { subject, facts, since } = await useOneTimeToken(tx, { ...change, purpose: 'disown-factor' });
        const { factor = '', words = '' } = facts;
        const { email, role } = await lockAccount(tx, subject);
        if (since === undefined || role === 'operator') {
          throw new AppError('link_invalid', `Nothing is taken off ${subject} by a mail alone.`);
        }
        const wasThere = await removeAddedFactor(tx, { customerId: subject, factor, since });
        const endedSessions = await endSessionsOf(tx, subject);
        const revokedTokens = await revokeTokensOf(tx, subject);
        await revokeLinksOf(tx, subject);
        const which = factor === 'totp' ? { kind: 'totp' } : { kind: 'passkey', passkey: factor };
        const webhooks = await takeBackWebhooks(tx, subject, { since });
        const line = { ...which, wasThere, endedSessions, revokedTokens, ...webhooks };
        await noteAbout(tx, 'second_factor.disowned', subject, change, line);
        await tell(tx, change.mailOf({ email, words }), change.now);
      }),

    /**
     * A link that was mailed to the address sets the password of an account that carries it: of the one that holds it, or
     * where none does, of any, which holds it from then on. Every session of the account ends, every other link to it too, but for its
     * owner's ways back.
     * What an account asked for besides a password before its address was anybody's goes as well, and so do its webhooks:
     * whoever made it may have set that up, with an address that was not theirs (docs/decisions/023). Otherwise webhooks are
     * off: who resets a password may do it because somebody else knew it.
     * Throws `link_invalid`, also when the account may not be chosen.
     */
    resetPassword: (
      change: Change & {
        readonly customerId: string;
        readonly email: string;
        readonly tokenHash: string;
        readonly passwordHash: string;
        readonly mail: TellingMail;
      },
    ): Promise<void> =>
      inTransaction(db, async (tx) => {
        const { customerId, email } = change;
        const { facts } = await useOneTimeToken(tx, { ...change, purpose: 'reset-password' });
        const rows = await tx
          .selectFrom('customers')
          .select(['id', 'claimed_email'])
          .where('email', '=', email)
          .forUpdate()
          .execute();
        const holder = rows.find((row) => row.claimed_email !== null);
        const mayBe = rows.filter((row) => holder === undefined || row === holder).some(({ id }) => id === customerId);
        if (facts['email'] !== email || !mayBe) {
          throw new AppError('link_invalid', 'The link does not open this account.');
        }
        await claim(tx, customerId, email);
        await setPasswordHash(tx, customerId, change.passwordHash);
        const endedSessions = await endSessionsOf(tx, customerId);
        const revokedTokens = await revokeTokensOf(tx, customerId);
        await revokeLinksOf(tx, customerId);
        const removedFactors = holder === undefined && (await removeFactors(tx, customerId));
        const webhooks =
          holder === undefined
            ? { removedWebhooks: await removeWebhooks(tx, customerId), switchedOffWebhooks: 0 }
            : await takeBackWebhooks(tx, customerId, {});
        await noteAbout(tx, 'account.password_reset', customerId, change, {
          endedSessions,
          revokedTokens,
          email,
          removedFactors,
          ...webhooks,
        });
        await tell(tx, change.mail, change.now);
      }),
  };
}

async function goOnUnder(
  tx: Queries,
  { customerId, sessionId, newTokenHash }: OwnChange & { readonly newTokenHash: string },
): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('sessions')
    .set({ token_hash: newTokenHash })
    .where('id', '=', sessionId)
    .where('customer_id', '=', customerId)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new AppError('not_signed_in', 'The session has ended meanwhile.');
}

async function lockAccount(tx: Queries, id: string) {
  const row = await tx
    .selectFrom('customers')
    .select(['email', 'claimed_email', 'role'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new AppError('link_invalid', `There is no account ${id} any more.`);
  return row;
}

/** See docs/decisions/017: from here on nobody else can hold it. */
async function claim(tx: Queries, customerId: string, email: string): Promise<void> {
  try {
    await tx.updateTable('customers').set({ email, claimed_email: email }).where('id', '=', customerId).execute();
  } catch (thrown) {
    if (duplicateKeyOf(thrown) === undefined) throw thrown;
    throw new AppError('email_held', `Another account than ${customerId} holds ${email}.`, { cause: thrown });
  }
}

async function noteAbout(
  tx: Queries,
  action: string,
  customerId: string,
  { origin, now }: Change,
  facts: Readonly<Record<string, unknown>>,
): Promise<void> {
  await appendAudit(tx, { ...origin, action, target: customerId, details: facts, at: now });
}

async function tell(tx: Queries, mail: TellingMail, now: Date): Promise<void> {
  await insertMail(tx, { ...mail, uniqueKey: `${mail.kind}:${newId('msg')}`, storeId: null, now });
}
