import type { Progress } from './actions.ts';

export interface SnapshotView {
  readonly platform: string;
  readonly key: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly files: number;
  readonly bytes: number;
  readonly madeAt: Date;
  /** New stores are copies of this one. */
  readonly isOfToday: boolean;
}

export interface CheckedSnapshotView {
  readonly platform: string;
  readonly key: string;
  /** The first file that is not as it was kept; null when all are. */
  readonly differs: string | null;
}

export interface PoolView {
  readonly platform: string;
  readonly plan: string;
  /** How many should wait for an owner now. */
  readonly wished: number;
  /** `auto`: by how many stores are ordered; else an operator said so. */
  readonly sizedBy: 'auto' | 'operator';
  readonly ready: number;
  readonly making: number;
  readonly leaving: number;
}

/** `shopctl golden …`, `shopctl pool …` */
export interface PoolActions {
  /** Newest first. */
  listSnapshots(): Promise<readonly SnapshotView[]>;
  /** Without a platform: of every one that is available here. One that is there already stays. Throws as a store's making does. */
  buildSnapshots(input: Progress & { readonly platform?: string }): Promise<readonly SnapshotView[]>;
  /** The same where there is anything to make and the platform's database is there; else it says that the worker will. */
  prepareSnapshots(input: Progress & { readonly platform?: string }): Promise<void>;
  /** Reads every byte. */
  verifySnapshots(): Promise<readonly CheckedSnapshotView[]>;
  poolStatus(): Promise<readonly PoolView[]>;
  /**
   * A whole number, or `auto`: as many as are ordered. Without a plan: of what somebody gets who wishes for none. Throws
   * `invalid_input`, also for a platform or plan of which nothing is made ahead.
   */
  resizePool(input: {
    readonly platform: string;
    readonly plan?: string;
    readonly size: string;
  }): Promise<readonly PoolView[]>;
  /** Whatever waits goes, and is made anew; without a platform or plan, of all. Returns how many. */
  drainPool(input: { readonly platform?: string; readonly plan?: string }): Promise<{ readonly drained: number }>;
}
