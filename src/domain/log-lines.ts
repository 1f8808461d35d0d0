/** How much a line matters, the worst first. */
export const LOG_LEVELS = ['error', 'warning', 'info'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One line of a store's logs, as it is shown. */
export interface StoreLogLine {
  /** The name of its source, e.g. `web` or `edge-access`. */
  readonly source: string;
  /** ISO, to the millisecond; `null` where the source does not tell it. */
  readonly at: string | null;
  readonly level: LogLevel;
  /** Without control characters, and never longer than `LINE_AT_MOST`. */
  readonly text: string;
}

/** Somewhere a store's logs come from. `title` is for people. */
export interface LogSourceName {
  readonly name: string;
  readonly title: string;
}

export interface StoreLogQuery {
  /** Without it: all of them. */
  readonly source?: string;
  /** So many lines at most, the newest. */
  readonly tail: number;
  readonly since?: Date;
  /** Nothing newer. */
  readonly until?: Date;
  /** Empty: all of them. */
  readonly levels: readonly LogLevel[];
  /** Only lines with this text in them, whatever its case; empty: all of them. */
  readonly search: string;
  /** Only what came after an earlier answer: its `places`. */
  readonly after?: string;
}

export interface StoreLogPage {
  /** All that this store has, also those that were not asked for. */
  readonly sources: readonly LogSourceName[];
  /** Oldest first. */
  readonly lines: readonly StoreLogLine[];
  /** How many lines matched besides, and were left out for being the oldest. */
  readonly leftOut: number;
  /** How far each source was read: to be handed back as `after`. */
  readonly places: string;
}

/** More of a line is not shown. */
export const LINE_AT_MOST = 4000;
