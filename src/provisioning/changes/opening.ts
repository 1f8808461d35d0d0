import { closedByOperator } from '../../domain/changes.ts';
import type { Run } from '../../domain/run.ts';
import type { KeptStatus, Store } from '../../domain/store.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { Step } from '../step.ts';
import { STEP_TITLES } from '../step-titles.ts';
import { type Edge, probeShop, type RouteState } from '../steps/route-traffic.ts';
import type { StoreRoutes } from './closing.ts';

/** What the store is to be again once the run is done. */
export type ComesBackAs = (store: Store, run: Run) => KeptStatus;

const DOOR: Readonly<Record<KeptStatus, RouteState>> = { active: 'live', suspended: 'suspended', failed: 'failed' };

/**
 * The shop runs again, of what it was made of and within its plan, where it is to. Throws `not_allowed_now` for an owner
 * whose store an operator has closed meanwhile; nothing is started then.
 */
export function startAgain(deps: { startContainers: Step; comesBackAs: ComesBackAs }): Step {
  return {
    ...deps.startContainers,
    name: 'start-again',
    title: STEP_TITLES['start-again'],
    async ensure(store, context) {
      const comesBackAs = deps.comesBackAs(store, context.run);
      if (comesBackAs !== 'active') return;
      if (store.suspension?.by === 'operator' && context.run.input['by'] === 'owner') throw closedByOperator();
      await deps.startContainers.ensure(store, context);
    },
  };
}

/** Visitors get in again; an open door is tried from outside before anybody is told. */
export function openDoor(deps: { routes: StoreRoutes; edge: Edge; comesBackAs: ComesBackAs }): Step {
  return {
    name: 'open-door',
    title: STEP_TITLES['open-door'],
    deadlineMs: 3 * MINUTE,
    retry: { attempts: 4, backoffMs: SECOND },
    async ensure(store, { lease, run, signal }) {
      const comesBackAs = deps.comesBackAs(store, run);
      await deps.routes.setState(lease, DOOR[comesBackAs]);
      await deps.edge.apply(signal);
      if (comesBackAs === 'active') await probeShop(deps.edge, store, signal);
    },
  };
}
