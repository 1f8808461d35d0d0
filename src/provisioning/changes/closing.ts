import type { Lease } from '../../domain/run.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { Step } from '../step.ts';
import { STEP_TITLES } from '../step-titles.ts';
import type { Edge, RouteState } from '../steps/route-traffic.ts';
import type { StoreContainers } from '../steps/start-containers.ts';

const RETRY = { attempts: 4, backoffMs: SECOND };

/** Every host that leads to the lease's store. */
export interface StoreRoutes {
  setState(lease: Lease, state: RouteState): Promise<void>;
}

/** Visitors see the page of a closed shop, whatever becomes of its containers. */
export function closeDoor(deps: { routes: StoreRoutes; edge: Pick<Edge, 'apply'> }): Step {
  return {
    name: 'close-door',
    title: STEP_TITLES['close-door'],
    deadlineMs: MINUTE,
    retry: RETRY,
    async ensure(_store, { lease, signal }) {
      await deps.routes.setState(lease, 'suspended');
      await deps.edge.apply(signal);
    },
  };
}

/** Nothing of the shop runs; what it has written stays as it is. */
export function stopContainers(deps: { containers: Pick<StoreContainers, 'stop'> }): Step {
  return {
    name: 'stop-containers',
    title: STEP_TITLES['stop-containers'],
    deadlineMs: 3 * MINUTE,
    retry: RETRY,
    ensure: (store) => deps.containers.stop(store),
  };
}
