import type { StoreStatus } from '../../domain/store.ts';

/** Whether the platform works, at a glance. */
export interface DeskOverview {
  /** Every status has its figure, also when it is zero. */
  readonly stores: Readonly<Record<StoreStatus, number>>;
  readonly queue: {
    readonly waiting: number;
    readonly active: number;
    readonly failed: number;
    /** ISO; `null` while nothing waits. */
    readonly oldestWaitingAt: string | null;
  };
  /** Longest serving first. */
  readonly workers: readonly DeskWorker[];
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

/** What operators see and do at `/admin`. Only for pages under `access/operators.tsx`, which let nobody else in. */
export interface DeskService {
  overview(): Promise<DeskOverview>;
}
