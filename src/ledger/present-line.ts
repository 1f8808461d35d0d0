import type { StoredLine } from '../domain/ledger.ts';

/** A line as CLI, API and desk show it. Times are UTC with milliseconds. */
export interface LedgerLineView extends Omit<StoredLine, 'at'> {
  readonly at: string;
}

export interface LedgerPageView {
  readonly items: readonly LedgerLineView[];
  /** What the next page is asked for with; `null` when this is the last. */
  readonly before: number | null;
}

export const presentLine = (line: StoredLine): LedgerLineView => ({ ...line, at: line.at.toISOString() });
