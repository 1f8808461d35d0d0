import type { DatabaseAddress } from '../../src/adapters/mysql/connection-options.ts';

/** A database server that a test started for itself. */
export interface DatabaseServer {
  /** An account that may do everything, from anywhere. */
  readonly admin: DatabaseAddress;
  /** Ends it and removes what it left on disk. */
  stop(): Promise<void>;
}
