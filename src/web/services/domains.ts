import type { Origin } from '../../domain/origin.ts';
import type { RunStatus, StepStatus } from '../../domain/run.ts';
import type { DomainView } from '../../domains/present-domain.ts';

/** Everything the Domains tab of a store shows. */
export interface StoreDomains {
  /** The store's name on the platform, where it is live whatever its own domains do. */
  readonly platformName: string;
  readonly platformUrl: string;
  /** Where the shop's own links lead now; the platform's name or an own domain. */
  readonly primary: string;
  /** Wished for at sign-up and not added yet: the first one to offer. */
  readonly wished: string | null;
  readonly domains: readonly DomainView[];
  readonly change: AddressChangeView | null;
  /** How many own domains a store may have. */
  readonly most: number;
}

/** The last thing done with the store, where that was moving it to another of its hosts. */
export interface AddressChangeView {
  readonly to: string;
  readonly status: RunStatus;
  /** What its owner reads of each step while it happens. */
  readonly steps: readonly { readonly name: string; readonly title: string; readonly status: StepStatus }[];
  /** What to tell the support. */
  readonly reference: string;
}

/** Which domain of which store, and who asks. */
export interface DomainOf {
  readonly customerId: string;
  readonly storeId: string;
  readonly hostname: string;
  readonly origin: Origin;
}

/**
 * A customer's own domains. Wishes are written down, and made true by a worker within seconds. Somebody else's store is
 * `not_found`, as is a domain that it has not.
 */
export interface DomainServices {
  list(customerId: string, storeId: string): Promise<StoreDomains>;
  /**
   * Throws `invalid_input` (field `domain`), `name_taken`, `not_allowed_now` (too many; the e-mail address is not
   * confirmed), `too_many_tries`. Adding it twice is adding it once.
   */
  add(wish: DomainOf & { readonly isVerified: boolean }): Promise<DomainView>;
  /** Looks at it soon. Throws `too_many_tries`. */
  check(wish: DomainOf): Promise<void>;
  setRedirecting(wish: DomainOf & { readonly isRedirecting: boolean }): Promise<void>;
  /**
   * Another of the store's hosts becomes the one that its own links lead to: an own domain that is valid, or its name on
   * the platform. Throws `not_allowed_now`.
   */
  makePrimary(wish: DomainOf): Promise<void>;
  /** Throws `not_allowed_now` for the primary domain. */
  remove(wish: DomainOf): Promise<void>;
}
