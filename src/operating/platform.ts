import type { RunningProgram } from '../adapters/process/start-program.ts';
import type { ReadyView } from '../cli/actions.ts';
import type { CertificateWays } from './certificate-advice.ts';

/** One kind of process that `up` keeps running. */
export interface ProcessKind {
  readonly name: 'worker' | 'web';
  readonly count: number;
  /** Lines of the process go to `onLine`. It must end soon after SIGTERM. */
  readonly start: (onLine: (line: string) => void) => Promise<RunningProgram>;
  /** Where its lines are kept. */
  readonly log: { write(line: string): void; close(): void };
  /** Has this one, by its pid, got to work yet? */
  readonly isReady: (pid: number) => Promise<boolean>;
}

/** Everything `up` puts together, from the ground up. Each may be called again and then does only what is missing. */
export interface Platform {
  /** Rights, packages, accounts, folders. */
  ensureHost(signal: AbortSignal): Promise<void>;
  /** Returns what it found, in a few words. */
  ensureEngine(signal: AbortSignal): Promise<string>;
  ensureTools(signal: AbortSignal): Promise<void>;
  /** Returns how many there are, in a few words. */
  prepareImages(signal: AbortSignal): Promise<string>;
  readonly services: {
    /** Empty when MySQL and Redis are the operator's. */
    readonly managed: readonly string[];
    ensure(signal: AbortSignal): Promise<void>;
    /** A cheap look. */
    areRunning(): Promise<boolean>;
    stop(signal: AbortSignal): Promise<void>;
  };
  /** Database, users, tables; returns what was done, in a few words. Waits for a server that is just starting. */
  ensureSchema(signal: AbortSignal): Promise<string>;
  readonly edge: {
    start(signal: AbortSignal): Promise<unknown>;
    stop(signal: AbortSignal): Promise<void>;
    isRunning(): Promise<{ readonly pid: number } | undefined>;
  };
  readonly stores: {
    /** Those that `down --stores` had stopped. Returns how many were started. */
    startAll(signal: AbortSignal): Promise<number>;
    stopAll(signal: AbortSignal): Promise<number>;
  };
  readonly processes: readonly ProcessKind[];
  /** Demo customer and demo store, made once; waits until the store is active or failed. */
  ensureDemo(signal: AbortSignal, say: (line: string) => void): Promise<ReadyView['demo']>;
  /** The facts of the ready screen. */
  readonly facts: Omit<ReadyView, 'elapsedMs' | 'demo' | 'tips'> & {
    readonly baseDomain: string;
    readonly httpsPort: number;
    readonly listenAddress: string;
    readonly certificates: CertificateWays;
  };
  /** Where `up` keeps its own lines. */
  readonly log: { write(line: string): void; close(): void };
  /** Rotates what other programs write (the edge, an engine that we started). Cheap while nothing is full. */
  readonly careForLogs?: () => Promise<void>;
  /** Ends connections; nothing of the platform is called afterwards. */
  close(): Promise<void>;
}

/** How a command reaches the `up` that runs in another process. */
export interface Control {
  serve(
    handler: (request: Readonly<Record<string, string>>, say: (line: string) => void) => Promise<unknown>,
  ): Promise<{ close(): Promise<void> }>;
  /** `undefined` when no `up` runs. */
  call(
    request: Readonly<Record<string, string>>,
    options: { readonly signal: AbortSignal; readonly onProgress: (line: string) => void },
  ): Promise<{ readonly answer: unknown } | undefined>;
}

/** The lock of `DATA_DIR`: one `up` at a time. Gone when its owner is. */
export type TakeLock = () => Promise<{ release(): void } | undefined>;
