import type { DomainState } from '../domain/own-domains.ts';
import type { RunStatus } from '../domain/run.ts';
import type { DomainView } from '../domains/present-domain.ts';

/** What `shopctl domain` can do. */
export interface DomainActions {
  /** By name; those of one store in the order they were added. */
  listDomains(filter: { storeId?: string; state?: DomainState }): Promise<readonly DomainView[]>;
  addDomain(input: { storeId: string; name: string; isLiftingQuarantine: boolean }): Promise<DomainView>;
  /** After a look at it, and whatever follows from that. Throws `not_found`. */
  checkDomain(input: { name: string; storeId?: string; signal: AbortSignal }): Promise<DomainView>;
  /**
   * A run that moves the store to another of its hosts. With `wait` it returns when that is over; `null` for the status
   * where it was not within the time.
   */
  makePrimaryDomain(input: {
    name: string;
    storeId?: string;
    waitMs: number | undefined;
    signal: AbortSignal;
  }): Promise<AddressChangeResult>;
  /** `removed`: false while a worker is at it; it takes it away. */
  removeDomain(input: {
    name: string;
    storeId?: string;
    signal: AbortSignal;
  }): Promise<{ readonly hostname: string; readonly storeId: string; readonly removed: boolean }>;
}

export interface AddressChangeResult {
  readonly hostname: string;
  readonly storeId: string;
  readonly runId: string;
  readonly status: RunStatus;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string | null } | null;
}
