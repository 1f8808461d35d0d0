import type { CustomerFacts, CustomerRole } from './customer.ts';
import type { Run, RunKind, RunStatus } from './run.ts';
import type { PlatformName, StoreHealth, StoreStatus } from './store.ts';

/** Which rows of a long list: so many, after so many. */
export interface Slice {
  readonly limit: number;
  readonly offset: number;
  /** Only what is older than this row, in a list that begins with the newest. */
  readonly before?: { readonly createdAt: Date; readonly id: string } | undefined;
}

export const STORE_SORTS = ['newest', 'oldest', 'name', 'name-down'] as const;
export const CUSTOMER_SORTS = ['newest', 'oldest', 'email', 'email-down'] as const;
export const RUN_SORTS = ['newest', 'oldest'] as const;

/** Which stores an operator looks for; all that is given must fit. */
export interface StoreQuery extends Slice {
  /** What the store's id, name or domain, or its owner's address begins with, or its port. In small letters. */
  readonly search?: string | undefined;
  readonly status?: StoreStatus | undefined;
  readonly platform?: PlatformName | undefined;
  readonly plan?: string | undefined;
  readonly customerId?: string | undefined;
  readonly sort: (typeof STORE_SORTS)[number];
}

export interface DeskStoreRow {
  readonly id: string;
  readonly name: string;
  readonly platform: PlatformName;
  readonly plan: string;
  readonly status: StoreStatus;
  readonly health: StoreHealth;
  readonly domain: string | null;
  readonly port: number | null;
  readonly customerId: string;
  readonly email: string;
  readonly createdAt: Date;
}

export interface CustomerQuery extends Slice {
  /** What the address, or an id that begins with `cus_`, begins with. In small letters. */
  readonly search?: string | undefined;
  readonly role?: CustomerRole | undefined;
  readonly sort: (typeof CUSTOMER_SORTS)[number];
}

export interface DeskCustomerRow extends CustomerFacts {
  readonly stores: number;
  /** When one of the sessions that are left was last used; null when none is. */
  readonly seenAt: Date | null;
  /** Since when nobody may sign in to it, and why; null while its owner may. */
  readonly lockedAt: Date | null;
  readonly lockReason: string | null;
}

export interface RunQuery extends Slice {
  /** What the run's id, its store's id or its store's name begins with. In small letters. */
  readonly search?: string | undefined;
  readonly status?: RunStatus | undefined;
  readonly kind?: RunKind | undefined;
  readonly storeId?: string | undefined;
  readonly sort: (typeof RUN_SORTS)[number];
}

export interface DeskRunRow {
  readonly run: Run;
  readonly storeName: string;
}
