import { momentInWords } from '../domain/moment.ts';
import type { Visitor } from '../web/services.ts';
import { placeInWords } from './change-password.ts';
import type { LinkMailOrders } from './link-mails.ts';

export interface FactorMailDeps {
  /** Ends in `/`. */
  readonly publicUrl: string;
  readonly now: () => Date;
}

/**
 * What the owner reads when something besides the password begins or ceases to count, whoever did it. `disowns`: what the
 * link takes off that a mail about an added one gets as it leaves.
 */
export function factorChangedMail(
  { publicUrl, now }: FactorMailDeps,
  email: string,
  {
    change,
    factor,
    visitor,
    disowns,
  }: {
    readonly change: 'added' | 'removed';
    readonly factor: string;
    readonly visitor: Visitor;
    readonly disowns?: LinkMailOrders['second-factor-changed']['disowns'];
  },
) {
  const resetUrl = new URL('forgot-password', publicUrl).href;
  const facts = { email, change, factor, when: momentInWords(now()), where: placeInWords(visitor), resetUrl };
  const payload: LinkMailOrders['second-factor-changed'] = disowns === undefined ? facts : { ...facts, disowns };
  return { recipient: email, kind: 'second-factor-changed' as const, payload };
}

/** The same when the support has taken all of it away. */
export function factorsResetMail({ publicUrl, now }: FactorMailDeps, email: string) {
  const resetUrl = new URL('forgot-password', publicUrl).href;
  const what = { change: 'removed' as const, factor: 'every second factor', where: 'our support, as you asked for' };
  const payload = { email, ...what, when: momentInWords(now()), resetUrl };
  return { recipient: email, kind: 'second-factor-changed' as const, payload };
}

/** What the owner reads when somebody got in by a recovery code. */
export function recoveryCodeUsedMail(
  { publicUrl, now }: FactorMailDeps,
  email: string,
  { left, visitor }: { left: number; visitor: Visitor },
) {
  const securityUrl = new URL('account/security', publicUrl).href;
  const payload = { email, left: String(left), when: momentInWords(now()), where: placeInWords(visitor), securityUrl };
  return { recipient: email, kind: 'recovery-code-used' as const, payload };
}
