import { AppError } from './errors.ts';
import { type ChangeKind, isChange, RUN_RULES, type RunKind } from './run.ts';
import type { Store, StoreStatus, SuspendedBy } from './store.ts';

/** Who wishes for a change. */
export interface ChangeWish {
  readonly kind: ChangeKind;
  readonly by: SuspendedBy;
}

/** Unfinished runs that are pointless, or wrong, once this is wished for. */
export const CALLS_OFF: Readonly<Record<ChangeKind, readonly RunKind[]>> = {
  suspend: ['suspend', 'resume', 'repair', 'restart'],
  resume: ['suspend', 'resume'],
  resize: ['resize'],
  restart: [],
  'change-address': [],
  configure: [],
  // Called off by the end of the store alone: half-way, a shop has two passwords for one thing.
  'rotate-admin': [],
  'rotate-database': [],
  'schedule-delete': ['provision', 'repair', 'restart', 'resume', 'schedule-delete', 'undo-delete'],
  'undo-delete': ['schedule-delete', 'undo-delete'],
};

/**
 * Wished for only while nothing else is under way: whoever looks for the new password must not wait for something else.
 * What is wished for later may still come in between, wherever the rotation stands.
 */
const ALONE: readonly ChangeKind[] = ['rotate-admin', 'rotate-database'];

const LEADS_TO: Readonly<Record<ChangeKind, (status: StoreStatus, store: Known) => StoreStatus>> = {
  suspend: () => 'suspended',
  resume: () => 'active',
  resize: (status) => status,
  restart: (status) => status,
  'change-address': (status) => status,
  configure: (status) => status,
  'rotate-admin': (status) => status,
  'rotate-database': (status) => status,
  'schedule-delete': () => 'deletion-scheduled',
  'undo-delete': (status, { deletion }) => deletion?.previousStatus ?? status,
};

const ROTATION_RULE = {
  isPossible: ({ status }: Known): boolean => status === 'active',
  done: 'given another password',
  hint: 'Only active stores can.',
};

/** What is possible with a store that is so, and what to say when it is not. */
const RULES: Readonly<
  Record<
    ChangeKind,
    {
      readonly isPossible: (store: Known, by: SuspendedBy) => boolean;
      readonly done: string;
      readonly hint: string;
    }
  >
> = {
  suspend: {
    // An operator's reason may replace an earlier one; an owner has nothing to add to a store that is closed.
    isPossible: ({ status }, by) => status === 'active' || (status === 'suspended' && by === 'operator'),
    done: 'suspended',
    hint: 'Only active stores can.',
  },
  resume: { isPossible: ({ status }) => status === 'suspended', done: 'resumed', hint: 'Only suspended stores can.' },
  resize: {
    isPossible: ({ status }) => status === 'active' || status === 'suspended',
    done: 'given another plan',
    hint: 'Wait until it is made.',
  },
  restart: { isPossible: ({ status }) => status === 'active', done: 'restarted', hint: 'Only active stores can.' },
  'change-address': {
    isPossible: ({ status }) => status === 'active',
    done: 'given another address',
    hint: 'Only active stores can.',
  },
  configure: {
    isPossible: ({ status }) => status === 'active',
    done: 'set',
    hint: 'Only active stores can.',
  },
  'rotate-admin': ROTATION_RULE,
  'rotate-database': ROTATION_RULE,
  'schedule-delete': {
    isPossible: ({ status }) => status === 'active' || status === 'suspended' || status === 'failed',
    done: 'deleted by its owner',
    hint: 'Wait until it is made, or has failed.',
  },
  'undo-delete': {
    isPossible: ({ status }) => status === 'deletion-scheduled',
    done: 'kept',
    hint: 'Only stores whose deletion is scheduled can.',
  },
};

type Known = Pick<Store, 'status' | 'suspension' | 'deletion'>;

/** How the store will stand once the changes that have been asked for, in this order, are done; some have to wait. */
export function statusAfter(store: Known, unfinished: readonly RunKind[]): StoreStatus {
  return unfinished.filter(isChange).reduce((status, kind) => {
    const worksOn: readonly StoreStatus[] = RUN_RULES[kind].worksOn;
    return worksOn.includes(status) ? LEADS_TO[kind](status, store) : status;
  }, store.status);
}

/** Throws `not_allowed_now`, with what would be possible. Pure: what has been asked for meanwhile is looked at elsewhere. */
export function assertMayWish(store: Known, { kind, by }: ChangeWish): void {
  const { isPossible, done, hint } = RULES[kind];
  if (!isPossible(store, by)) {
    throw new AppError('not_allowed_now', `A store that is ${store.status} cannot be ${done}.`, { hint });
  }
  if (kind === 'resume' && by === 'owner' && store.suspension?.by === 'operator') throw closedByOperator();
}

/** Throws `not_allowed_now` for what is wished for alone while something else is under way. */
export function assertAlone(kind: ChangeKind, unfinished: readonly { readonly kind: RunKind }[]): void {
  if (!ALONE.includes(kind) || unfinished.length === 0) return;
  throw new AppError('not_allowed_now', 'Something else is being done with the store right now.', {
    hint: 'Wait until that is over.',
  });
}

/** What an owner is told who would open what an operator has closed. */
export const closedByOperator = (): AppError =>
  new AppError('not_allowed_now', 'The store was suspended by an operator; its owner cannot open it again.', {
    hint: 'As an operator: shopctl store resume ID',
  });

/** What the ledger says of the wish; that it was done is a line of its own. */
export const REQUEST_ACTIONS: Readonly<Record<ChangeKind, string>> = {
  suspend: 'store.suspend_requested',
  resume: 'store.resume_requested',
  resize: 'store.resize_requested',
  restart: 'store.restart_requested',
  'change-address': 'domain.primary_requested',
  configure: 'store.settings_requested',
  'rotate-admin': 'admin_password.change_requested',
  'rotate-database': 'database_password.change_requested',
  'schedule-delete': 'store.schedule_delete_requested',
  'undo-delete': 'store.undo_delete_requested',
};

/** How long an owner can undo the deletion of a store. */
export const DELETION_GRACE_DAYS = 7;
/** The same of an account. */
export const ACCOUNT_GRACE_DAYS = 14;
