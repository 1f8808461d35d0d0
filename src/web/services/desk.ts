import type { CapacityResource } from '../../domain/capacity.ts';
import type { DeskCustomerRow, DeskStoreRow } from '../../domain/desk-lists.ts';
import type { StoredLine } from '../../domain/ledger.ts';
import type { Origin } from '../../domain/origin.ts';
import type { PlatformSettings } from '../../domain/platform-settings.ts';
import type { WaitingMember } from '../../domain/pool-member.ts';
import type { RunKind, RunStatus, StepStatus } from '../../domain/run.ts';
import type { PlatformName, StoreStatus } from '../../domain/store.ts';
import type { WithIsoDates } from '../../lib/iso-dates.ts';
import type { StoreErrorView, StoreView } from '../../stores/present-store.ts';

import type { Visitor } from './accounts.ts';
import type { PlanChoices } from './life.ts';
import type { MailTrafficView } from './settings.ts';

/**
 * What stands in a list's address: search, filters, order, page. What is not understood counts as not said. `before`:
 * `createdAt~id` of the last row of the page before, in the order `newest`.
 */
export type ListWish = Readonly<Record<string, string | undefined>>;

/** One page of a list, and how many rows and pages there are. */
export interface DeskPage<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
  /** From 1. */
  readonly page: number;
  readonly pages: number;
}

export type DeskStoreView = WithIsoDates<DeskStoreRow>;
export type DeskCustomerView = WithIsoDates<DeskCustomerRow>;

export interface DeskRunView {
  readonly id: string;
  readonly storeId: string;
  readonly storeName: string;
  readonly kind: RunKind;
  readonly status: RunStatus;
  readonly attempt: number;
  /** Where it is, or stopped; `null` when it has not begun, or is done. */
  readonly step: string | null;
  readonly message: string | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export interface DeskStepView {
  readonly name: string;
  readonly status: StepStatus;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly elapsedMs: number | null;
  readonly error: StoreErrorView | null;
  readonly logTail: string | null;
}

/** What may be done about a store just now, by what it is. */
export interface DeskActs {
  /** A failed or pending store goes on where it stopped. */
  readonly canRetry: boolean;
  /** An active one is walked over once more. */
  readonly canRepair: boolean;
  /** It is open, and can be closed until an operator opens it. */
  readonly canSuspend: boolean;
  readonly canResume: boolean;
  /** It is made, and can have another plan. */
  readonly canResize: boolean;
  /** All of it can be taken away. */
  readonly canDelete: boolean;
}

export interface DeskRunDetails {
  readonly run: DeskRunView;
  /** In the operators' own words. */
  readonly error: StoreErrorView | null;
  readonly steps: readonly DeskStepView[];
  readonly events: readonly DeskEventView[];
  /** Is there a newer one over the same store? Then nothing can be asked of this one. */
  readonly isLatest: boolean;
  readonly acts: DeskActs;
}

export interface DeskEventView {
  readonly id: number;
  readonly kind: string;
  readonly step: string | null;
  readonly at: string;
}

export interface DeskStoreDetails {
  readonly store: StoreView;
  readonly email: string;
  readonly uid: number;
  readonly subnet: string;
  readonly images: Readonly<Record<string, string>>;
  readonly wishedDomain: string | null;
  /** What its shop has written and is on its way. */
  readonly mail: MailTrafficView;
  /** Newest first, the last of them. */
  readonly runs: readonly DeskRunView[];
  readonly acts: DeskActs;
}

export interface DeskCustomerDetails {
  readonly customer: DeskCustomerView;
  /** Newest first; the last of them, when there are very many. */
  readonly stores: readonly DeskStoreView[];
}

/** Whether the platform works, at a glance. */
export interface DeskOverview {
  /** Every status has its figure, also when it is zero. */
  readonly stores: Readonly<Record<StoreStatus, number>>;
  readonly customers: number;
  readonly queue: {
    readonly waiting: number;
    readonly active: number;
    readonly failed: number;
    /** ISO; `null` while nothing waits. */
    readonly oldestWaitingAt: string | null;
    /** When a worker last looked for work by itself; `null` before the first time. */
    readonly sweptAt: string | null;
  };
  /** Messages of all customers' webhooks: those that wait, and those of the last thirty days that were given up. */
  readonly webhooks: { readonly waiting: number; readonly dead: number };
  /** Mails that wait to be sent, and those that were given up. */
  readonly mail: { readonly waiting: number; readonly failed: number; readonly oldestWaitingAt: string | null };
  /** What recurs, was expected by then, and has not been seen; empty while all is well. */
  readonly missingChores: readonly { readonly name: string; readonly everyMs: number; readonly expectedBy: string }[];
  /** Longest serving first. */
  readonly workers: readonly DeskWorker[];
  /** As a worker saw the machine last; `null` before the first look. */
  readonly machine: DeskMachine | null;
  readonly capacity: readonly DeskCapacity[];
  /** Newest first. */
  readonly failures: readonly DeskRunView[];
}

export interface DeskWorker {
  readonly id: string;
  readonly hostname: string;
  readonly pid: number;
  readonly startedAt: string;
  readonly heartbeatAt: string;
  /** Silent for so long that nobody counts on it any more. */
  readonly isSilent: boolean;
}

export interface DeskMachine {
  readonly version: string;
  readonly at: string;
  /** Nobody has looked for a while: what is told may no longer be so. */
  readonly isOld: boolean;
  readonly services: Readonly<Record<string, { readonly state: 'up' | 'degraded' | 'down'; readonly detail: string }>>;
}

export interface DeskCapacity {
  readonly resource: CapacityResource;
  readonly used: number;
  readonly size: number;
  /** At the pace of the last 14 or 30 days, whichever is faster; `null` while nothing grows. */
  readonly daysLeft: number | null;
  /** Of memory: what the plans of all stores promise together, in bytes. */
  readonly promised?: number;
}

/** What operators set, and everybody feels at once. */
export interface DeskSettings extends PlatformSettings {
  readonly defaultPlan: string;
  readonly plans: readonly string[];
}

/** Shops of a platform and plan that run already and wait for an owner. */
export interface DeskPool {
  readonly platform: PlatformName;
  readonly plan: string;
  /** How many should wait now. */
  readonly wished: number;
  /** `auto`: by how many stores are ordered; else an operator said so. */
  readonly sizedBy: 'auto' | 'operator';
  readonly ready: number;
  readonly making: number;
  readonly leaving: number;
}

export type DeskPoolMember = WithIsoDates<WaitingMember>;

export interface DeskLedgerLine extends Omit<StoredLine, 'at'> {
  readonly at: string;
}

export interface DeskLedgerPage {
  /** Newest first. */
  readonly lines: readonly DeskLedgerLine[];
  /** What the next, older page is asked for with; `null` when there is none. */
  readonly before: number | null;
}

/** What operators see and do at `/admin`. Only for pages under `access/operators.tsx`, which let nobody else in. */
export interface DeskServices {
  overview(): Promise<DeskOverview>;
  /** Filters: `q`, `status`, `platform`, `plan`; order: `sort`; `page`. */
  stores(wish: ListWish): Promise<DeskPage<DeskStoreView> & { readonly plans: readonly string[] }>;
  /** Throws `not_found`. */
  store(storeId: string): Promise<DeskStoreDetails>;
  /** Filters: `q`, `role`. */
  customers(wish: ListWish): Promise<DeskPage<DeskCustomerView>>;
  /** Throws `not_found`. */
  customer(customerId: string): Promise<DeskCustomerDetails>;
  /**
   * Nobody signs in to the account from then on; sessions end, tokens are revoked, stores stay as they are. Throws
   * `invalid_input` for `reason`, `not_found`, `not_allowed_now` for one's own, one that is locked, and the last operator.
   */
  lock(origin: Origin, customerId: string, reason: string): Promise<void>;
  /** Its owner may sign in again. Throws as `lock`, `not_allowed_now` for one that is not locked. */
  unlock(origin: Origin, customerId: string, reason: string): Promise<void>;
  /** Filters: `q`, `status`, `kind`. */
  runs(wish: ListWish): Promise<DeskPage<DeskRunView>>;
  /** Throws `not_found`. */
  run(runId: string): Promise<DeskRunDetails>;
  /** A failed or pending store goes on where it stopped. Throws `not_found`, `not_allowed_now`. */
  retry(origin: Origin, storeId: string): Promise<void>;
  /** An active store is walked over once more. Throws `not_found`, `not_allowed_now`. */
  repair(origin: Origin, storeId: string): Promise<void>;
  /** Closed until an operator opens it. Throws `invalid_input` for `reason` or `text`, `not_found`, `not_allowed_now`. */
  suspend(origin: Origin, storeId: string, words: { readonly reason: string; readonly text: string }): Promise<void>;
  /** Open again, whoever closed it. Throws `not_found`, `not_allowed_now`. */
  resume(origin: Origin, storeId: string): Promise<void>;
  /** Throws `not_found`. */
  planChoices(storeId: string): Promise<PlanChoices>;
  /** Another plan, while the shop is open. Throws `plan_too_small`, `too_many_stores`, `invalid_input`, `not_found`, `not_allowed_now`. */
  resize(origin: Origin, storeId: string, plan: string): Promise<void>;
  /**
   * Walks its steps backward: a worker, once it has seen that the token is a proven operator's, asks for the teardown.
   * `name` must be the store's. Throws `InvalidFormError` when it is not, `not_found`, `step_up_required`, `worker_unavailable`.
   */
  deleteStore(
    visitor: Visitor,
    request: { readonly token: string; readonly storeId: string; readonly name: string },
  ): Promise<void>;
  /** What is made before anybody wants it; members oldest first. */
  pool(): Promise<{ readonly pools: readonly DeskPool[]; readonly members: readonly DeskPoolMember[] }>;
  /**
   * `auto`: as many as are ordered. Without a plan: of what somebody gets who wishes for none. Throws `invalid_input` for
   * `platform`, `plan` or `size`.
   */
  resizePool(origin: Origin, of: { readonly platform: string; readonly plan?: string }, size: string): Promise<void>;
  /** Whatever waits goes, and is made anew; what is not named, of all. How many that were. Throws `invalid_input`. */
  drainPool(origin: Origin, of: { readonly platform?: string; readonly plan?: string }): Promise<number>;
  settings(): Promise<DeskSettings>;
  /** Only what is named changes. Throws `InvalidFormError` by the settings' names. */
  changeSettings(origin: Origin, wanted: Partial<PlatformSettings>): Promise<void>;
  /** Filters: `q` (store, account, request, else what was acted on), `actor`, `action`, `result`, `since`, `until`; `before`. */
  ledger(wish: ListWish): Promise<DeskLedgerPage>;
  /** All lines that fit, as RFC 4180, in pieces; no cell is a formula to a spreadsheet. */
  ledgerCsv(wish: ListWish): AsyncIterable<string>;
}
