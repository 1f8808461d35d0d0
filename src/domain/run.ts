import type { StoreError } from './store.ts';

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
export type StepName = (typeof STEP_NAMES)[number];

/** `provision` and `repair` walk the steps forward, `teardown` walks them backward. */
export const RUN_KINDS = ['provision', 'repair', 'teardown'] as const;
export type RunKind = (typeof RUN_KINDS)[number];
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
  readonly status: RunStatus;
  /** Starts at 1; every retry by hand adds one. */
  readonly attempt: number;
  readonly steps: readonly StepRecord[];
  readonly error: StoreError | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** The right to work on a store until `expiresAt`; every journal write carries the fence and is refused once it is old. */
export interface Lease {
  readonly storeId: string;
  readonly runId: string;
  readonly owner: string;
  readonly fence: number;
}
