import type { LogLevel, StoreLogPage } from '../../domain/log-lines.ts';

/** What somebody would like to see of a store's logs. */
export interface LogWish {
  /** Without one: all of them. */
  readonly source?: string;
  readonly tail: number;
  /** ISO. */
  readonly since?: string;
  /** ISO; nothing newer. */
  readonly until?: string;
  /** Empty: all of them. */
  readonly levels: readonly LogLevel[];
  /** Empty: everything. */
  readonly search: string;
}

/**
 * A store's logs. The worker reads them, once it has seen that the session is the owner's. Both throw `not_found`,
 * `not_signed_in`, `invalid_input` for a source that the store does not have, `too_many_tries`, `worker_unavailable`.
 */
export interface LogsService {
  read(token: string, storeId: string, wish: LogWish): Promise<StoreLogPage>;
  /**
   * What comes behind `after`, the `places` of an earlier page, until the signal aborts or the session ends. While no
   * worker answers, nothing comes.
   */
  follow(
    token: string,
    storeId: string,
    wish: LogWish,
    after: string | undefined,
    signal: AbortSignal,
  ): AsyncIterable<StoreLogPage>;
}
