import type { ErrorCode } from './errors.ts';
import type { ShopStart } from './shop-settings.ts';

export const PLATFORM_NAMES = ['woocommerce', 'wordpress', 'magento'] as const;
export type PlatformName = (typeof PLATFORM_NAMES)[number];

export type StoreStatus =
  | 'pending'
  | 'provisioning'
  | 'active'
  | 'failed'
  | 'suspended'
  | 'deletion-scheduled'
  | 'deleting'
  | 'asleep';

/** What the last look at the running containers said; `unknown` until there was one. */
export type StoreHealth = 'unknown' | 'healthy' | 'degraded' | 'down';

/** What went wrong last, kept until it is put right. */
export interface StoreError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | null;
  readonly step: string | null;
  readonly retryable: boolean;
  readonly at: Date;
}

/** The network of a store: one /27 of the block, cut into an internal half and a front half. */
export interface StoreNetwork {
  /** The /27, e.g. `10.210.0.32/27`. */
  readonly subnet: string;
}

/** Who closed a store: somebody of the platform, or whoever it belongs to. Only the former can open again what they closed. */
export type SuspendedBy = 'operator' | 'owner';

/** Why a store is suspended. */
export interface Suspension {
  readonly by: SuspendedBy;
  /** For operators and the ledger. */
  readonly reason: string;
  /** For the store's owner; null when nothing is to be said. */
  readonly text: string | null;
  readonly at: Date;
}

/** What a store comes back to when its deletion is undone. */
export type KeptStatus = 'active' | 'suspended' | 'failed';

/** An owner's deletion in its days of grace. */
export interface ScheduledDeletion {
  readonly previousStatus: KeptStatus;
  readonly at: Date;
  /** From then on it is torn down. */
  readonly dueAt: Date;
}

/**
 * A store as the database tells it. Everything the pipeline needs is here or is derived from here by
 * `names.ts`; steps hand each other nothing in memory, so a crash between two of them loses nothing.
 */
export interface Store {
  /** `sto_…`, lowercase, safe as a Compose project name. Never changes, never reused. */
  readonly id: string;
  readonly customerId: string;
  readonly customerEmail: string;
  /** The label in front of the base domain. */
  readonly name: string;
  /** What the shop calls itself; any text. */
  readonly title: string;
  /** What its shop was to begin with, as it was ordered: for whoever installs it. How it is set by now is elsewhere. */
  readonly start: ShopStart;
  readonly platform: PlatformName;
  readonly status: StoreStatus;
  readonly health: StoreHealth;
  /** What was ill at that look, service by service, in words for operators; null when nothing was. */
  readonly healthDetail: string | null;
  readonly plan: string;
  /** Path of its administration, e.g. `/wp-admin/`. */
  readonly adminPath: string;
  /** The platform name's host, e.g. `demo.localhost`. */
  readonly domain: string;
  /** The own domain that the shop builds its addresses from; null while that is its name on the platform. */
  readonly primaryDomain: string | null;
  /** The customer's own domain as wished at sign-up; attached later, after proof of ownership. */
  readonly wishedDomain: string | null;
  readonly port: number;
  readonly uid: number;
  readonly network: StoreNetwork;
  /** Image ids by service, recorded when the compose file is first rendered; only an upgrade changes them. */
  readonly images: Readonly<Record<string, string>>;
  /** Application versions by name, recorded with the images. */
  readonly versions: Readonly<Record<string, string>>;
  readonly error: StoreError | null;
  /** Its owner shows visitors a note instead of the shop; as the shop said last. */
  readonly inMaintenance: boolean;
  readonly suspension: Suspension | null;
  readonly deletion: ScheduledDeletion | null;
  readonly createdAt: Date;
  readonly activeAt: Date | null;
}

/**
 * What anybody is ever shown of a store: neither whose address it is nor what the machine knows it by. What is ill in it
 * only operators are shown.
 */
export type ShownStore = Omit<
  Store,
  'customerEmail' | 'start' | 'wishedDomain' | 'uid' | 'network' | 'images' | 'healthDetail'
> &
  Partial<Pick<Store, 'healthDetail'>>;

/** A plan as the table has it. */
export interface Plan {
  readonly name: string;
  readonly memoryMb: number;
  /** Thousandths of a core. */
  readonly cpuMillis: number;
  readonly diskMb: number;
  readonly maxStores: number;
  readonly backupsKept: number;
  readonly priceCents: number;
  readonly isDefault: boolean;
}
