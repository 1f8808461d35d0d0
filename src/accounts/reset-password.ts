import type { AccountChangeRepository } from '../adapters/mysql/account-changes.ts';
import type { CustomerForLogin } from '../adapters/mysql/customers.ts';
import { AppError } from '../domain/errors.ts';
import { originOfVisitor } from '../domain/origin.ts';
import { parseEmail } from '../domain/store-input.ts';
import type { AccountServices } from '../web/services/accounts.ts';
import { passwordChangedMail, placeInWords } from './change-password.ts';
import { hashNewPassword, type NewPasswordDeps } from './hash-new-password.ts';
import { type RateLimits, takeOrRefuse } from './limits.ts';
import type { LinkMailOrders } from './link-mails.ts';
import { networkOf } from './network-of.ts';
import type { OneTimeTokens } from './one-time-tokens.ts';
import { acceptNewPassword, type JudgePassword } from './password-strength.ts';

export interface ResetPasswordDeps extends NewPasswordDeps {
  readonly links: Pick<OneTimeTokens, 'find'>;
  readonly changes: Pick<AccountChangeRepository, 'resetPassword'>;
  readonly storeNamesOf: (customerId: string) => Promise<readonly { readonly name: string }[]>;
  readonly queue: <Kind extends keyof LinkMailOrders>(
    kind: Kind,
    recipient: string,
    order: LinkMailOrders[Kind],
  ) => Promise<unknown>;
  readonly limits: RateLimits;
  readonly judge: JudgePassword;
  readonly digestOf: (token: string) => string;
  /** Ends in `/`. */
  readonly publicUrl: string;
  readonly now: () => Date;
}

/** As many accounts of one unproven address as anybody could choose from; a stranger may have made more. */
const MOST_TO_CHOOSE = 10;

/** A new password for whoever has forgotten theirs. See `AccountServices`. */
export function createResetPassword(
  deps: ResetPasswordDeps,
): Pick<AccountServices, 'requestReset' | 'findReset' | 'resetPassword'> {
  const { limits } = deps;

  /** The link's address and the accounts that it opens. Throws `link_invalid`. */
  async function open(link: string): Promise<{ email: string; accounts: readonly CustomerForLogin[] }> {
    const found = await deps.links.find(link, 'reset-password');
    const email = found?.facts['email'];
    if (email === undefined) throw new AppError('link_invalid', 'No living link to a new password.');
    const all = await deps.customers.listForLogin(email);
    const holder = all.find(({ isClaimed }) => isClaimed);
    return { email, accounts: holder === undefined ? all.slice(0, MOST_TO_CHOOSE) : [holder] };
  }

  return {
    // Known or not, the same is done here: whether there is an account is looked up when the mail is to leave.
    async requestReset(text, visitor) {
      const email = parseEmail(text);
      const network = networkOf(visitor.address);
      await takeOrRefuse(limits, 'resets-from-address', network, 'new passwords asked for from one address');
      const pair = JSON.stringify([email, network]);
      await takeOrRefuse(limits, 'resets-for-email-from-address', pair, 'new passwords asked for one account');
      const { isAllowed } = await limits.take('reset-mails-for-email', email);
      if (isAllowed) await deps.queue('reset-password', email, { email, where: placeInWords(visitor) });
    },

    async findReset(link) {
      const { email, accounts } = await open(link);
      const choices = accounts.map(async ({ id, createdAt }) => {
        const stores = (await deps.storeNamesOf(id)).map(({ name }) => name);
        return { id, createdAt: createdAt.toISOString(), stores };
      });
      return { email, accounts: await Promise.all(choices) };
    },

    async resetPassword({ link, customerId, password: typed }, visitor) {
      await takeOrRefuse(limits, 'links-from-address', networkOf(visitor.address), 'links tried from one address');
      const { email, accounts } = await open(link);
      const account = accounts.length === 1 ? accounts[0] : accounts.find(({ id }) => id === customerId);
      if (account === undefined) throw new AppError('link_invalid', 'The link does not open the chosen account.');
      const password = await acceptNewPassword(deps.judge, typed, { email, storeName: '' });
      await deps.changes.resetPassword({
        customerId: account.id,
        email,
        tokenHash: deps.digestOf(link),
        passwordHash: await hashNewPassword(deps, email, password),
        origin: { ...originOfVisitor(visitor), actor: account.id },
        mail: passwordChangedMail(deps, email, visitor),
        now: deps.now(),
      });
    },
  };
}
