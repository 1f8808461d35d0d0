import type { LedgerResult } from '../domain/ledger.ts';
import type { LedgerPageView } from '../ledger/present-line.ts';
import type { LedgerVerdict, LedgerVerifyRequest } from '../ledger/verify-ledger.ts';

/** What `shopctl audit` can do. */
export interface LedgerActions {
  /** Newest first. */
  listLedger(input: LedgerQuery & { readonly limit: number; readonly before?: number }): Promise<LedgerPageView>;
  /** Into a new file, as CSV, newest first. */
  exportLedger(
    input: LedgerQuery & { readonly file: string },
  ): Promise<{ readonly file: string; readonly lines: number }>;
  /** Only reads; a ledger that is not whole is an answer, no error. */
  verifyLedger(input: LedgerVerifyRequest): Promise<LedgerVerdict>;
}

/** Which lines of the audit log; all that is given must fit. Times as `logs --since` takes them. */
export interface LedgerQuery {
  readonly actor?: string;
  readonly action?: string;
  readonly target?: string;
  readonly store?: string;
  readonly customer?: string;
  readonly token?: string;
  readonly request?: string;
  readonly result?: LedgerResult;
  readonly since?: string;
  readonly until?: string;
}
