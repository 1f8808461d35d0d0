import { type OwnNames, parseDomainName } from '../domain/domain-name.ts';
import { type Origin, originIn } from '../domain/origin.ts';
import type { OwnDomain } from '../domain/own-domains.ts';

export interface DomainWishDeps {
  readonly own: OwnNames;
  readonly quarantineDays: number;
  /** Letters and digits that nobody can guess. */
  readonly makeToken: () => string;
  readonly ownDomains: {
    add(
      wish: Wish & {
        readonly newToken: string;
        readonly quarantineDays: number;
        readonly isLiftingQuarantine?: boolean | undefined;
      },
    ): Promise<OwnDomain>;
    requestLook(wish: Wish): Promise<boolean>;
    setRedirecting(wish: Wish & { readonly isRedirecting: boolean }): Promise<void>;
    requestRemoval(wish: Wish): Promise<void>;
  };
  readonly now: () => Date;
}

interface Wish extends Origin {
  readonly storeId: string;
  readonly hostname: string;
  readonly now: Date;
}

/** Who wishes something of which store's domain; the name as somebody typed it. */
export interface DomainWish extends Origin {
  readonly storeId: string;
  readonly name: string;
}

/**
 * What customers and operators may wish of a store's domains. Only wishes are written down: the worker's next look makes
 * them true. Whether the store is theirs the caller has seen.
 */
export function createDomainWishes({ own, quarantineDays, makeToken, ownDomains, now }: DomainWishDeps) {
  const known = (wish: DomainWish): Wish => ({
    ...originIn(wish),
    storeId: wish.storeId,
    // Whatever else it is, it cannot be one of the store's.
    hostname: wish.name.trim().toLowerCase().replace(/\.$/, ''),
    now: now(),
  });
  return {
    /** Throws `invalid_input`, `name_taken`, `not_allowed_now`, `not_found`. Adding it twice is adding it once. */
    add: async (wish: DomainWish & { readonly isLiftingQuarantine?: boolean }): Promise<OwnDomain> =>
      ownDomains.add({
        ...known(wish),
        hostname: parseDomainName(wish.name, own),
        newToken: `shophosting-proof-${makeToken()}`,
        quarantineDays,
        isLiftingQuarantine: wish.isLiftingQuarantine,
      }),
    /** Looked at within seconds. False when that happened only just now. Throws `not_found`. */
    look: (wish: DomainWish): Promise<boolean> => ownDomains.requestLook(known(wish)),
    /** Throws `not_found`. */
    setRedirecting: (wish: DomainWish & { readonly isRedirecting: boolean }): Promise<void> =>
      ownDomains.setRedirecting({ ...known(wish), isRedirecting: wish.isRedirecting }),
    /** Throws `not_found`, `not_allowed_now` for the primary domain. */
    remove: (wish: DomainWish): Promise<void> => ownDomains.requestRemoval(known(wish)),
  };
}
