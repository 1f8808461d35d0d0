import type { AccountChangeRepository } from '../adapters/mysql/account-changes.ts';
import { AppError } from '../domain/errors.ts';
import { momentInWords } from '../domain/moment.ts';
import { originOfVisitor } from '../domain/origin.ts';
import type { AccountServices } from '../web/services/accounts.ts';
import { factorChangedMail } from './factor-mails.ts';
import { type RateLimits, takeOrRefuse } from './limits.ts';
import { networkOf } from './network-of.ts';
import type { OneTimeTokens } from './one-time-tokens.ts';

export interface DisownFactorDeps {
  readonly links: Pick<OneTimeTokens, 'find'>;
  readonly changes: Pick<AccountChangeRepository, 'disownFactor'>;
  readonly limits: RateLimits;
  readonly digestOf: (token: string) => string;
  /** Ends in `/`. */
  readonly publicUrl: string;
  readonly now: () => Date;
}

/** The owner's answer to a factor that somebody else has added. See `AccountServices` and docs/decisions/028. */
export function createDisownFactor(deps: DisownFactorDeps): Pick<AccountServices, 'findDisowned' | 'disownFactor'> {
  const { links, limits, now } = deps;
  return {
    async findDisowned(link) {
      const found = await links.find(link, 'disown-factor');
      const factor = found?.facts['words'];
      if (factor === undefined || found?.since === undefined) {
        throw new AppError('link_invalid', 'No living link to a factor that was added.');
      }
      return { factor, addedAt: momentInWords(found.since) };
    },

    async disownFactor(link, visitor) {
      await takeOrRefuse(limits, 'links-from-address', networkOf(visitor.address), 'links tried from one address');
      await deps.changes.disownFactor({
        tokenHash: deps.digestOf(link),
        origin: originOfVisitor(visitor),
        mailOf: ({ email, words }) => factorChangedMail(deps, email, { change: 'removed', factor: words, visitor }),
        now: now(),
      });
    },
  };
}
