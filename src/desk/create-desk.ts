import type { DeskServices } from '../web/services/desk.ts';
import { type AccountLockDeps, createAccountLocks } from './lock-accounts.ts';
import { createPoolDesk, type PoolDeskDeps } from './look-after-pool.ts';
import { createSettings, type SettingsDeps } from './platform-settings.ts';
import { createLedgerReader, type LedgerDeps } from './read-ledger.ts';
import { createListReader, type ListDeps } from './read-lists.ts';
import { createOverviewReader, type OverviewDeps } from './read-overview.ts';
import { createRunRequests, type RunRequestDeps } from './request-runs.ts';

export type DeskDeps = Omit<OverviewDeps, 'runs'> &
  Omit<ListDeps, 'runs'> &
  Omit<RunRequestDeps, 'runs'> &
  AccountLockDeps &
  LedgerDeps &
  PoolDeskDeps &
  SettingsDeps & { readonly runs: OverviewDeps['runs'] & ListDeps['runs'] & RunRequestDeps['runs'] };

/** The operators' desk: what its pages may ask and do. */
export function createDesk(deps: DeskDeps): DeskServices {
  return {
    overview: createOverviewReader(deps),
    ...createListReader(deps),
    ...createRunRequests(deps),
    ...createAccountLocks(deps),
    ...createSettings(deps),
    ...createPoolDesk(deps),
    ...createLedgerReader(deps),
  };
}
