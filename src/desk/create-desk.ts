import type { DeskService } from '../web/services/desk.ts';
import { createOverviewReader, type OverviewDeps } from './read-overview.ts';

export type DeskDeps = OverviewDeps;

/** The operators' desk: what its pages may ask and do. */
export function createDesk(deps: DeskDeps): DeskService {
  return { overview: createOverviewReader(deps) };
}
