import type { StoreError, StoreStatus } from './store.ts';

/** In the contract's order: install before the public can reach it (docs/decisions). */
export const STEP_NAMES = [
  'create-directory',
  'issue-secrets',
  'render-compose',
  'start-containers',
  'install-application',
  'route-traffic',
  'obtain-certificate',
  'save-credentials',
  'send-welcome-mail',
  'activate',
] as const;

/**
 * What each kind of run is: its steps in order, and in which states of a store it may work. In any other state it waits,
 * and goes on once the store is back. A new kind needs its steps in `src/provisioning/changes.ts` and their titles.
 */
export const RUN_RULES = {
  provision: { steps: STEP_NAMES, worksOn: ['pending', 'provisioning', 'failed', 'active'] },
  repair: { steps: STEP_NAMES, worksOn: ['active'] },
  /** The same steps, walked backward. */
  teardown: { steps: STEP_NAMES, worksOn: ['deleting'] },
  suspend: {
    steps: ['mark-suspended', 'close-door', 'stop-containers', 'tell-owner'],
    worksOn: ['active', 'suspended'],
  },
  /** Another plan, while the shop is open. */
  resize: {
    steps: ['check-room', 'apply-limits', 'record-plan', 'fit-php-limits'],
    worksOn: ['active', 'suspended'],
  },
  /** An owner's deletion: closed and held for some days, then torn down. */
  'schedule-delete': {
    steps: ['mark-for-deletion', 'close-door', 'stop-containers', 'tell-owner'],
    worksOn: ['active', 'suspended', 'failed', 'deletion-scheduled'],
  },
  'undo-delete': {
    steps: ['start-again', 'open-door', 'mark-kept', 'tell-owner'],
    worksOn: ['deletion-scheduled', 'active', 'suspended', 'failed'],
  },
  /** Another of its hosts is the one that its own links lead to; the door is closed for that moment. */
  'change-address': {
    steps: ['snapshot-database', 'rewrite-addresses', 'switch-address', 'verify-address', 'finish-address'],
    worksOn: ['active'],
  },
  /** What its owner set from here, in the shop that runs. */
  configure: { steps: ['apply-settings', 'apply-php-limits', 'record-settings'], worksOn: ['active'] },
  /** A new password of its administrator, whom the platform knows. */
  'rotate-admin': {
    steps: ['make-password', 'set-admin-password', 'keep-password', 'tell-owner'],
    worksOn: ['active'],
  },
  /** A new password of its database's user, with the shop open: for a while both are good. */
  'rotate-database': {
    steps: [
      'make-password',
      'accept-both-passwords',
      'hand-out-password',
      'keep-password',
      'refuse-old-password',
      'tell-owner',
    ],
    worksOn: ['active'],
  },
  /** Its containers one after the other, with the door open. */
  restart: { steps: ['restart-containers', 'look-again', 'record-restart'], worksOn: ['active'] },
  resume: { steps: ['start-again', 'open-door', 'mark-resumed', 'tell-owner'], worksOn: ['suspended', 'active'] },
} as const satisfies Record<string, { readonly steps: readonly string[]; readonly worksOn: readonly StoreStatus[] }>;

export type RunKind = keyof typeof RUN_RULES;

/**
 * After how many failed walks a change is over that would be tried again for ever. Only for those that leave nothing
 * wrong behind: half-way through a new password both are known, and whatever the shop goes by is accepted. Half-way
 * through a restart the store is what the watch over every store's health looks after anyway.
 */
export const MOST_WALKS: Partial<Readonly<Record<RunKind, number>>> = {
  'rotate-admin': 20,
  'rotate-database': 20,
  restart: 20,
};

export const RUN_KINDS = Object.keys(RUN_RULES) as readonly RunKind[];
/** Those that walk the ten steps of a store's making. */
export type MakingKind = 'provision' | 'repair' | 'teardown';
/** Those that change a store that is made. */
export type ChangeKind = Exclude<RunKind, MakingKind>;
export type StepName = (typeof RUN_RULES)[RunKind]['steps'][number];

export const MAKING_KINDS: readonly RunKind[] = ['provision', 'repair', 'teardown'];

export const isChange = (kind: RunKind): kind is ChangeKind => !MAKING_KINDS.includes(kind);

/** What was asked for with a run, as plain facts; never a secret. */
export type RunInput = Readonly<Record<string, string>>;

export const RUN_STATUSES = ['queued', 'running', 'done', 'failed'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];
export type StepStatus = 'waiting' | 'running' | 'done' | 'failed' | 'skipped';

/** One line of a run's journal. */
export interface StepRecord {
  readonly name: StepName;
  readonly status: StepStatus;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly error: StoreError | null;
  /** The end of what the step printed; shown to operators and, in plain words, to owners. */
  readonly logTail: string | null;
}

/** One walk over the steps of one store (a row of `provisioning_jobs`). */
export interface Run {
  readonly id: string;
  readonly storeId: string;
  readonly kind: RunKind;
  readonly input: RunInput;
  readonly status: RunStatus;
  /** Starts at 1; every retry by hand adds one. */
  readonly attempt: number;
  readonly steps: readonly StepRecord[];
  readonly error: StoreError | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** What anybody is ever shown of a run: never what its steps printed. */
export interface ShownRun extends Pick<Run, 'id' | 'kind' | 'status' | 'attempt' | 'error'> {
  readonly steps: readonly Omit<StepRecord, 'logTail'>[];
}

/** The right to work on a store until `expiresAt`; every journal write carries the fence and is refused once it is old. */
export interface Lease {
  readonly storeId: string;
  readonly runId: string;
  readonly owner: string;
  readonly fence: number;
}
