import type { AccountChangeRepository, EmailChange, TellingMail } from '../adapters/mysql/account-changes.ts';
import type { AuditRepository } from '../adapters/mysql/audit.ts';
import { AppError, InvalidInputError } from '../domain/errors.ts';
import { momentInWords } from '../domain/moment.ts';
import { originOfSession, originOfVisitor } from '../domain/origin.ts';
import { parseEmail } from '../domain/store-input.ts';
import type { AccountServices } from '../web/services/accounts.ts';
import type { Session, Visitor } from '../web/services.ts';
import { placeInWords } from './change-password.ts';
import { freshSessionOf, sessionOf } from './fresh-session.ts';
import { type RateLimits, takeOrRefuse } from './limits.ts';
import type { LinkMailOrders } from './link-mails.ts';
import { networkOf } from './network-of.ts';
import type { OneTimeTokens } from './one-time-tokens.ts';
import type { ResetPasswordDeps } from './reset-password.ts';
import type { Sessions } from './sessions.ts';

export interface EmailAddressDeps {
  readonly sessions: Pick<Sessions, 'find'>;
  readonly links: Pick<OneTimeTokens, 'find'>;
  readonly changes: Pick<AccountChangeRepository, 'confirmEmail' | 'restoreEmail'>;
  readonly queue: ResetPasswordDeps['queue'];
  readonly audit: Pick<AuditRepository, 'append'>;
  readonly limits: RateLimits;
  readonly digestOf: (token: string) => string;
  readonly now: () => Date;
}

/** Whose an address is, and which one an account has. See `AccountServices` and docs/decisions/017. */
export function createEmailAddresses(
  deps: EmailAddressDeps,
): Pick<
  AccountServices,
  'sendVerification' | 'findVerification' | 'verifyEmail' | 'changeEmail' | 'findRestore' | 'restoreEmail'
> {
  const { limits, links, now } = deps;

  /** Nothing is said when the address has had enough mails: anybody may have asked for those. */
  async function mailLink({ customerId }: Session, email: string): Promise<void> {
    await takeOrRefuse(limits, 'verifications-of-customer', customerId, 'links asked for by one account');
    const { isAllowed } = await limits.take('verification-mails-for-email', email);
    if (isAllowed) await deps.queue('verify-email', email, { customerId, email });
  }

  const countTry = ({ address }: Visitor): Promise<unknown> =>
    takeOrRefuse(limits, 'links-from-address', networkOf(address), 'links tried from one address');

  return {
    async sendVerification(token) {
      const session = await sessionOf(deps, token);
      if (!session.isVerified) await mailLink(session, session.email);
    },

    async findVerification(link, token) {
      const [found, session] = [await links.find(link, 'verify-email'), await sessionOf(deps, token)];
      const email = found?.facts['email'];
      if (found === undefined || email === undefined)
        throw new AppError('link_invalid', 'No living link to an address.');
      return { email, isOwn: found.subject === session.customerId };
    },

    async verifyEmail({ token, link }, visitor) {
      await countTry(visitor);
      const session = await sessionOf(deps, token);
      const { id: sessionId, customerId } = session;
      const at = now();
      const { from, to } = await deps.changes.confirmEmail({
        customerId,
        sessionId,
        tokenHash: deps.digestOf(link),
        origin: originOfSession(session, visitor),
        mailsOf: (change) => changedMails(change, customerId, visitor, at),
        now: at,
      });
      return { email: to, isChange: from !== to };
    },

    async changeEmail({ token, email: typed }, visitor) {
      const session = await freshSessionOf(deps, token);
      const email = parseEmail(typed);
      if (email === session.email) {
        throw new InvalidInputError('email', 'This is the address that your account has already.');
      }
      await mailLink(session, email);
      const { customerId } = session;
      await deps.audit.append({
        ...originOfSession(session, visitor),
        action: 'account.email_change_requested',
        target: customerId,
        details: { to: email },
        at: now(),
      });
      return { email };
    },

    async findRestore(link) {
      const found = await links.find(link, 'restore-email');
      const email = found?.facts['email'];
      if (email === undefined) throw new AppError('link_invalid', 'No living link to an earlier address.');
      return { email };
    },

    async restoreEmail(link, visitor) {
      await countTry(visitor);
      await deps.changes.restoreEmail({ tokenHash: deps.digestOf(link), origin: originOfVisitor(visitor), now: now() });
    },
  };
}

/** Both addresses are told; the old one gets the way back, where it was the account's for good. */
function changedMails(
  { from, to, wasVerified }: EmailChange,
  customerId: string,
  visitor: Visitor,
  at: Date,
): TellingMail[] {
  const facts = { email: from, newEmail: to, when: momentInWords(at), where: placeInWords(visitor) };
  const told: readonly [string, LinkMailOrders['email-changed']][] = [
    [from, wasVerified ? { ...facts, restores: customerId, since: at.toISOString() } : facts],
    [to, facts],
  ];
  return told.map(([recipient, payload]) => ({ recipient, kind: 'email-changed', payload }));
}
